package io.heddle.cnn;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Generates the random numbers of a training from one seed. */
final class SeededDraws {
    private SeededDraws() {}

    /** Returns 0 to n − 1 in random order. */
    static int[] permutation(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = IntStream.range(0, n).toArray();
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }

    /**
     * Derives a seed from a seed and a number with the finalizer of SplitMix64, so that consecutive numbers give
     * unrelated seeds.
     */
    static long mix(long seed, long number) {
        long z = seed * 0x9E3779B97F4A7C15L + (number + 1) * 0xD1342543DE82EF95L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
