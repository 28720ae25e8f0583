package io.heddle.cli.study;

import io.heddle.matrix.FloatMatrix;

/**
 * The centres of the clusters of any clustering, and the inertia.
 *
 * @param centroids a row for each cluster; zeros for an empty one
 * @param inertia sum of the squared distances of all rows to the mean of their cluster
 */
record ClusterMeans(FloatMatrix centroids, double inertia) implements AutoCloseable {
    static ClusterMeans of(FloatMatrix rows, int[] clusters, int count) {
        int d = rows.columns();
        double[][] sums = new double[count][d];
        int[] sizes = new int[count];
        double squares = 0;
        float[] row = new float[d];
        for (int i = 0; i < clusters.length; i++) {
            rows.getRow(i, row);
            double[] sum = sums[clusters[i]];
            for (int j = 0; j < d; j++) {
                sum[j] += row[j];
                squares += (double) row[j] * row[j];
            }
            sizes[clusters[i]]++;
        }
        FloatMatrix centroids = FloatMatrix.allocate(count, d);
        for (int k = 0; k < count; k++) {
            for (int j = 0; j < d && sizes[k] > 0; j++) {
                squares -= sums[k][j] * sums[k][j] / sizes[k];
                centroids.set(k, j, (float) (sums[k][j] / sizes[k]));
            }
        }
        return new ClusterMeans(centroids, Math.max(0, squares));
    }

    @Override
    public void close() {
        centroids.close();
    }
}
