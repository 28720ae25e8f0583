package io.heddle.cli.study;

import io.heddle.data.ImageDataset;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;

/** A first look at the data: how many of each class, what they look like, how much of them lies in few directions. */
final class Exploration {
    private static final int SAMPLES_PER_CLASS = 16;

    private Exploration() {}

    /**
     * @param all training images, then test images
     * @param components principal components of the pixels to look at
     */
    static DataSummary explore(
            ImageDataset data, FloatMatrix all, int components, long seed, Album album, WorkerPool pool) {
        int classes = data.classes();
        int[][] samples = new int[classes][];
        for (int c = 0; c < classes; c++) {
            samples[c] = album.addAll(Members.first(data.trainLabels(), c, SAMPLES_PER_CLASS));
        }
        try (PcaModel pca =
                // Exactly: the share of variance is a result here, not a means.
                Pca.fit(
                        all,
                        Pca.Options.defaults()
                                .withComponents(components)
                                .withSolver(Pca.Solver.COVARIANCE)
                                .withSeed(seed),
                        pool)) {
            return new DataSummary(
                    data.name(),
                    data.width(),
                    data.height(),
                    data.classNames(),
                    Members.sizes(data.trainLabels(), classes),
                    Members.sizes(data.testLabels(), classes),
                    meanImages(data),
                    samples,
                    pca.explainedVarianceRatio(),
                    darkShare(all));
        }
    }

    private static Thumbnails meanImages(ImageDataset data) {
        int pixels = data.trainImages().columns();
        int classes = data.classes();
        double[] sums = new double[classes * pixels];
        float[] row = new float[pixels];
        int[] labels = data.trainLabels();
        for (int i = 0; i < labels.length; i++) {
            data.trainImages().getRow(i, row);
            int offset = labels[i] * pixels;
            for (int j = 0; j < pixels; j++) {
                sums[offset + j] += row[j];
            }
        }
        int[] counts = Members.sizes(labels, classes);
        byte[] gray = new byte[sums.length];
        for (int i = 0; i < sums.length; i++) {
            gray[i] = Album.gray(sums[i] / Math.max(1, counts[i / pixels]));
        }
        return new Thumbnails(data.width(), data.height(), classes, gray);
    }

    private static double darkShare(FloatMatrix all) {
        float[] row = new float[all.columns()];
        long dark = 0;
        for (long i = 0; i < all.rows(); i++) {
            all.getRow(i, row);
            for (float v : row) {
                if (v == 0) {
                    dark++;
                }
            }
        }
        return (double) dark / ((double) all.rows() * all.columns());
    }
}
