package io.heddle.cli.study;

import io.heddle.matrix.FloatMatrix;
import java.util.stream.IntStream;

/** The members of groups, from one group number per point. */
final class Members {
    private Members() {}

    /** Returns the number of points of each group. */
    static int[] sizes(int[] groups, int count) {
        int[] sizes = new int[count];
        for (int g : groups) {
            sizes[g]++;
        }
        return sizes;
    }

    /** Returns the first points of a group. The data are in random order, so these are a random sample. */
    static int[] first(int[] groups, int group, int limit) {
        return IntStream.range(0, groups.length)
                .filter(i -> groups[i] == group)
                .limit(limit)
                .toArray();
    }

    /** Returns the distances of some rows to the centroids of their clusters. */
    static float[] distances(FloatMatrix rows, FloatMatrix centroids, int[] clusters, int[] chosen) {
        float[] distances = new float[chosen.length];
        float[] row = new float[rows.columns()];
        float[] centroid = new float[rows.columns()];
        for (int i = 0; i < chosen.length; i++) {
            rows.getRow(chosen[i], row);
            centroids.getRow(clusters[chosen[i]], centroid);
            double sum = 0;
            for (int j = 0; j < row.length; j++) {
                double difference = row[j] - centroid[j];
                sum += difference * difference;
            }
            distances[i] = (float) Math.sqrt(sum);
        }
        return distances;
    }

    /** Returns for each group the number of points of each label. */
    static int[][] composition(int[] groups, int[] labels, int groupCount, int labelCount) {
        int[][] composition = new int[groupCount][labelCount];
        for (int i = 0; i < groups.length; i++) {
            composition[groups[i]][labels[i]]++;
        }
        return composition;
    }
}
