package io.heddle.cli.report;

/** Colours of kinds of things on a page: ten of the house, or as many as there are kinds, by the golden angle. */
final class Colours {
    private static final int HOUSE = 10;
    private static final double GOLDEN_ANGLE = 137.508;

    private Colours() {}

    /** The colour of one of several kinds, as CSS; the page's script has the same. */
    static String of(int kind, int kinds) {
        int i = Math.max(0, kind);
        return kinds <= HOUSE
                ? "var(--c%d)".formatted(i % HOUSE)
                : "hsl(%d 48%% calc(1%% * var(--lightness) + %d%%))"
                        .formatted(Math.round(i * GOLDEN_ANGLE % 360), 9 * (i % 3 - 1));
    }
}
