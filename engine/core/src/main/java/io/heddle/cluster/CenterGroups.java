package io.heddle.cluster;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.Simd;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;

/**
 * Divides centres into groups of neighbours, stored contiguously. The bound of a group is sharper if its members are
 * close together.
 */
final class CenterGroups {
    private static final int MAXIMUM_GROUPS = 64;
    private static final int MEMBERS = 6;
    private static final Kernels KERNELS = Simd.kernels();

    private final int[] from;
    private final int[] groupOf;
    private final int[] order;

    private CenterGroups(int[] from, int[] groupOf, int[] order) {
        this.from = from;
        this.groupOf = groupOf;
        this.order = order;
    }

    /** Groups the centres and sorts them by group in place. */
    static CenterGroups sort(FloatMatrix centers) {
        int k = (int) centers.rows();
        int padded = (k / MEMBERS + FloatMatrix.ALIGNMENT) / FloatMatrix.ALIGNMENT * FloatMatrix.ALIGNMENT;
        int groups = Math.min(k, Math.min(MAXIMUM_GROUPS, padded));
        int[] group = nearestPivots(centers, groups);
        int[] from = new int[groups + 1];
        for (int g : group) {
            from[g + 1]++;
        }
        for (int g = 0; g < groups; g++) {
            from[g + 1] += from[g];
        }
        int[] next = from.clone();
        int[] order = new int[k];
        int[] groupOf = new int[k];
        try (FloatMatrix sorted = FloatMatrix.allocate(k, centers.columns())) {
            for (int j = 0; j < k; j++) {
                int to = next[group[j]]++;
                order[to] = j;
                groupOf[to] = group[j];
                MemorySegment.copy(
                        centers.segment(), centers.offset(j), sorted.segment(), sorted.offset(to), centers.offset(1));
            }
            MemorySegment.copy(sorted.segment(), 0, centers.segment(), 0, centers.offset(k));
        }
        return new CenterGroups(from, groupOf, order);
    }

    /** Chooses pivots far from each other, and for each centre the nearest pivot. */
    private static int[] nearestPivots(FloatMatrix centers, int groups) {
        int k = (int) centers.rows();
        int[] group = new int[k];
        float[] nearest = new float[k];
        float[] distances = new float[k];
        java.util.Arrays.fill(nearest, Float.POSITIVE_INFINITY);
        int pivot = 0;
        for (int g = 0; g < groups; g++) {
            KERNELS.squaredDistances(
                    centers.segment(),
                    centers.offset(pivot),
                    centers.segment(),
                    0,
                    centers.offset(1),
                    k,
                    centers.columns(),
                    distances,
                    0);
            // The pivot joins its group even if an equal centre is in another one, so that no group is empty.
            distances[pivot] = -1;
            for (int j = 0; j < k; j++) {
                if (distances[j] < nearest[j]) {
                    nearest[j] = distances[j];
                    group[j] = g;
                }
            }
            for (int j = 0; j < k; j++) {
                if (nearest[j] > nearest[pivot]) {
                    pivot = j;
                }
            }
        }
        return group;
    }

    int count() {
        return from.length - 1;
    }

    int from(int group) {
        return from[group];
    }

    int to(int group) {
        return from[group + 1];
    }

    int groupOf(int center) {
        return groupOf[center];
    }

    /** Restores the original order of the centres and of their labels. */
    void restore(FloatMatrix centers, int[] labels) {
        int k = order.length;
        try (FloatMatrix sorted = centers.copy()) {
            for (int j = 0; j < k; j++) {
                MemorySegment.copy(
                        sorted.segment(),
                        sorted.offset(j),
                        centers.segment(),
                        centers.offset(order[j]),
                        centers.offset(1));
            }
        }
        for (int i = 0; i < labels.length; i++) {
            labels[i] = order[labels[i]];
        }
    }
}
