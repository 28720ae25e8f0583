package io.heddle.cli.study;

import io.heddle.metrics.ClusteringScores;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Clusters of all images, found without labels and scored with them.
 *
 * @param encoder name of the encoder
 * @param precision precision of the encoder
 * @param dimensions number of features
 * @param varianceRatio share of the features' variance that each principal component explains, descending
 * @param runs one run per seed; all other values are those of the first one
 * @param sizes number of images of each cluster
 * @param composition for each cluster, the number of images of each class
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
     * @param converged whether it converged; for heads, whether they agree
     */
    public record Run(long seed, ClusteringScores scores, double inertia, int iterations, boolean converged) {}

    /** Seconds of the three steps; those of k-means are of the first seed only. */
    public record Seconds(double features, double pca, double kmeans) {}

    /**
     * The images in the plane of the first two principal components.
     *
     * @param x coordinate of each image, like {@code y}, {@code labels} and {@code clusters}
     * @param thumbnails of some images, evenly spaced: positions among the thumbnails
     * @param distances of these images to the centroids of their clusters
     */
    public record Scatter(float[] x, float[] y, int[] labels, int[] clusters, float[] distances, int[] thumbnails) {}

    /** Returns the run with the first seed. */
    public Run chosen() {
        return runs.getFirst();
    }

    /** Returns the median of a value over the runs. */
    public double median(ToDoubleFunction<Run> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Returns the number of principal components. */
    public int components() {
        return varianceRatio.length;
    }

    /** Returns the share of the features' variance that all components explain. */
    public double explainedVariance() {
        double sum = 0;
        for (double r : varianceRatio) {
            sum += r;
        }
        return sum;
    }
}
