package io.heddle.cli.catalogue;

/** Chooses evenly spaced numbers. */
final class Spread {
    private Spread() {}

    /** Returns at most {@code most} of the numbers below n, evenly spaced, ascending. */
    static int[] over(int n, int most) {
        int count = Math.min(n, most);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = (int) ((long) i * n / count);
        }
        return chosen;
    }
}
