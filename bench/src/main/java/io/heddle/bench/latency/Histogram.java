package io.heddle.bench.latency;

import java.util.Arrays;

/** A histogram of times in nanoseconds with a resolution of about 3 %. Adding a time does not allocate. */
final class Histogram {
    /** Buckets per doubling. */
    private static final int STEPS = 32;

    private static final int SHIFT = Integer.numberOfTrailingZeros(STEPS);

    private final long[] counts = new long[64 * STEPS];
    private long count;
    private long largest;

    void add(long nanos) {
        counts[bucket(nanos)]++;
        count++;
        largest = Math.max(largest, nanos);
    }

    private static int bucket(long nanos) {
        if (nanos < STEPS) {
            return (int) Math.max(0, nanos);
        }
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        int within = (int) (nanos >>> exponent - SHIFT) & STEPS - 1;
        return (exponent - SHIFT + 1) * STEPS + within;
    }

    /** Returns the minimum time of a bucket. */
    private static long start(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int exponent = bucket / STEPS + SHIFT - 1;
        return (1L << exponent) + ((long) (bucket % STEPS) << exponent - SHIFT);
    }

    void add(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        largest = Math.max(largest, other.largest);
    }

    void clear() {
        Arrays.fill(counts, 0);
        count = 0;
        largest = 0;
    }

    long count() {
        return count;
    }

    long largest() {
        return largest;
    }

    /** Returns a percentile, as the middle of its bucket. */
    double percentile(double percent) {
        long wanted = (long) Math.ceil(count * percent / 100);
        long seen = 0;
        for (int i = 0; i < counts.length - 1; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return (start(i) + start(i + 1)) / 2.0;
            }
        }
        return 0;
    }
}
