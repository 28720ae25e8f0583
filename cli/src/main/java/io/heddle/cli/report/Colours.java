package io.heddle.cli.report;

/** Colours of categories on a page: ten fixed colours, or for more categories hues at steps of the golden angle. */
final class Colours {
    private static final int FIXED = 10;
    private static final double GOLDEN_ANGLE = 137.508;

    private Colours() {}

    /** Returns the colour of a category as CSS; the script of the page uses the same colours. */
    static String of(int kind, int kinds) {
        int i = Math.max(0, kind);
        return kinds <= FIXED
                ? "var(--c%d)".formatted(i % FIXED)
                : "hsl(%d 48%% calc(1%% * var(--lightness) + %d%%))"
                        .formatted(Math.round(i * GOLDEN_ANGLE % 360), 9 * (i % 3 - 1));
    }
}
