package io.heddle.data.rows;

/** Times as seconds since 1970-01-01T00:00Z. */
public final class Seconds {
    private Seconds() {}

    /**
     * Returns the sum of a whole number of seconds and a fraction of one. It is less than the next second even if that
     * is nearer: the last microsecond of the year 9999 must not become the year 10000, nor that of a day the next day.
     */
    public static double of(double whole, double fraction) {
        double sum = whole + fraction;
        return sum >= whole + 1 ? Math.nextDown(whole + 1) : sum;
    }
}
