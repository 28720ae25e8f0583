package io.heddle.cluster;

import io.heddle.internal.rows.RowWeights;
import io.heddle.parallel.RowSlices;
import java.util.function.IntToDoubleFunction;
import java.util.random.RandomGenerator;

/** Samples rows in proportion to their weight times their squared distance to the nearest seed. */
final class SeedCandidates {
    private SeedCandidates() {}

    /**
     * Samples rows, or in proportion to their weights only if all distances are 0.
     *
     * @param shares the weight times the squared distance of a row
     * @param parts the sums of the shares of each slice
     */
    static int[] draw(
            int count,
            RowSlices slices,
            IntToDoubleFunction shares,
            double[] parts,
            RowWeights weights,
            RandomGenerator random) {
        double total = 0;
        for (double part : parts) {
            total += part;
        }
        int[] drawn = new int[count];
        for (int t = 0; t < count; t++) {
            drawn[t] = total > 0
                    ? find(slices, shares, parts, random.nextDouble() * total)
                    : weights.draw((int) slices.rows(), random);
        }
        return drawn;
    }

    private static int find(RowSlices slices, IntToDoubleFunction shares, double[] parts, double target) {
        double before = 0;
        int slice = 0;
        while (slice < parts.length - 1 && before + parts[slice] <= target) {
            before += parts[slice];
            slice++;
        }
        int last = (int) slices.from(slice);
        double sum = 0;
        for (int i = last; i < slices.to(slice); i++) {
            double share = shares.applyAsDouble(i);
            sum += share;
            if (share > 0) {
                last = i;
                if (before + sum > target) {
                    break;
                }
            }
        }
        return last;
    }
}
