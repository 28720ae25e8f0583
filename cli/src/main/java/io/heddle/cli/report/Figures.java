package io.heddle.cli.report;

import java.util.Locale;

/** Formats numbers, independent of the locale. */
public final class Figures {
    private Figures() {}

    /** Formats a share as a percentage with one decimal: 84.3 %. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f\u00a0%%", 100 * share);
    }

    /** Formats a count with thousands separators: 60,000. */
    public static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Formats a count with its noun: 1 row, 2 rows. */
    public static String plural(long n, String one, String many) {
        return count(n) + " " + (n == 1 ? one : many);
    }

    /** Formats a score in [0, 1] with three decimals: 0.538. */
    public static String score(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** Formats seconds with three significant digits, and minutes from 100 seconds on. */
    public static String seconds(double s) {
        if (s < 0.0995) {
            return String.format(Locale.ROOT, "%.0f\u00a0ms", 1000 * s);
        }
        if (s < 9.995) {
            return String.format(Locale.ROOT, "%.2f\u00a0s", s);
        }
        if (s < 99.95) {
            return String.format(Locale.ROOT, "%.1f\u00a0s", s);
        }
        long whole = Math.round(s);
        return String.format(Locale.ROOT, "%d\u00a0min\u00a0%02d\u00a0s", whole / 60, whole % 60);
    }

    /** Formats a rate such as images per second, rounded to its significant digits. */
    public static String rate(double perSecond) {
        return perSecond >= 100
                ? count(Math.round(perSecond))
                : String.format(Locale.ROOT, perSecond >= 10 ? "%.0f" : "%.1f", perSecond);
    }

    /** Formats a number with four significant digits: 0.5312, 1.234e-05. */
    public static String number(double x) {
        if (x == 0) {
            return "0";
        }
        double size = Math.abs(x);
        if (size < 1e-3) {
            return String.format(Locale.ROOT, "%.1e", x);
        }
        if (size >= 10_000) {
            return count(Math.round(x));
        }
        int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%." + decimals + "f", x);
    }

    /** Formats a parameter such as lambda without trailing zeros: 1e-4, 0.5. */
    public static String setting(double x) {
        if (x != 0 && Math.abs(x) < 1e-3) {
            return String.format(Locale.ROOT, "%.0e", x).replace("e-0", "e-");
        }
        return x == Math.rint(x) ? Long.toString((long) x) : Double.toString(x);
    }
}
