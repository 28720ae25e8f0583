package io.heddle.cli.study;

import io.heddle.metrics.ClusteringScores;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Clusters of all images, found without labels and scored with them.
 *
 * @param encoder name of the network that made the features
 * @param precision the arithmetic it ran in
 * @param dimensions features of an image
 * @param varianceRatio share of the features' variance that each principal component explains, descending
 * @param runs one k-means run a seed; the first is the chosen one, which everything else here describes
 * @param sizes images in each cluster
 * @param composition for each cluster, how many images of each class it holds
 * @param members for each cluster, positions of a few of its images among the thumbnails
 */
public record ClusteringResult(
        String encoder,
        String precision,
        int inputSize,
        int dimensions,
        double[] varianceRatio,
        List<Run> runs,
        int[] sizes,
        int[][] composition,
        int[][] members,
        Scatter scatter,
        Seconds seconds) {

    /**
     * One run of k-means.
     *
     * @param inertia sum of the squared distances to the nearest centroid
     * @param converged whether it stopped by its own rule; of heads, whether they agree
     */
    public record Run(long seed, ClusteringScores scores, double inertia, int iterations, boolean converged) {}

    /** Seconds of the three steps; k-means' are those of the chosen seed alone. */
    public record Seconds(double features, double pca, double kmeans) {}

    /**
     * Some images in the plane of the first two principal components.
     *
     * @param distances of each image to the centroid of its cluster
     * @param thumbnails position of each image among the thumbnails
     */
    public record Scatter(float[] x, float[] y, int[] labels, int[] clusters, float[] distances, int[] thumbnails) {}

    /** The run with the chosen seed. */
    public Run chosen() {
        return runs.getFirst();
    }

    /** The median over the runs of one of their figures. */
    public double median(ToDoubleFunction<Run> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Number of principal components. */
    public int components() {
        return varianceRatio.length;
    }

    /** Share of the features' variance that all components explain together. */
    public double explainedVariance() {
        double sum = 0;
        for (double r : varianceRatio) {
            sum += r;
        }
        return sum;
    }
}
