package io.heddle.cli.study;

import io.heddle.data.fashion.ImageDataset;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.concurrent.atomic.AtomicLong;

/** Computes a summary of the data: class sizes, example images, and explained variances. */
final class Exploration {
    private static final int SAMPLES_PER_CLASS = 16;

    private Exploration() {}

    /**
     * @param all training images, then test images
     * @param components number of principal components of the pixels
     */
    static DataSummary explore(
            ImageDataset data, FloatMatrix all, int components, long seed, Album album, WorkerPool pool) {
        int classes = data.classes();
        int[][] samples = new int[classes][];
        for (int c = 0; c < classes; c++) {
            samples[c] = album.addAll(Members.first(data.trainLabels(), c, SAMPLES_PER_CLASS));
        }
        try (PcaModel pca =
                // Uses an exact solver, because the share of variance is a result here.
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
                    meanImages(data, pool),
                    samples,
                    pca.explainedVarianceRatio(),
                    darkShare(all, pool));
        }
    }

    private static Thumbnails meanImages(ImageDataset data, WorkerPool pool) {
        int pixels = data.trainImages().columns();
        int classes = data.classes();
        int[] labels = data.trainLabels();
        RowSlices slices = RowSlices.of(labels.length, Study.SLICE);
        double[][] parts = new double[slices.count()][];
        pool.run(parts.length, (slice, worker) -> {
            parts[slice] = new double[classes * pixels];
            float[] row = new float[pixels];
            for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                data.trainImages().getRow(i, row);
                add(row, parts[slice], labels[i] * pixels);
            }
        });
        double[] sums = new double[classes * pixels];
        for (double[] part : parts) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += part[i];
            }
        }
        int[] counts = Members.sizes(labels, classes);
        byte[] gray = new byte[sums.length];
        for (int i = 0; i < sums.length; i++) {
            gray[i] = Album.gray(sums[i] / Math.max(1, counts[i / pixels]));
        }
        return new Thumbnails(data.width(), data.height(), classes, gray);
    }

    private static void add(float[] row, double[] sums, int from) {
        for (int j = 0; j < row.length; j++) {
            sums[from + j] += row[j];
        }
    }

    private static double darkShare(FloatMatrix all, WorkerPool pool) {
        RowSlices slices = RowSlices.of(all.rows(), Study.SLICE);
        AtomicLong dark = new AtomicLong();
        pool.run(slices.count(), (slice, worker) -> {
            float[] row = new float[all.columns()];
            long found = 0;
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                all.getRow(i, row);
                found += zeros(row);
            }
            dark.addAndGet(found);
        });
        return (double) dark.get() / ((double) all.rows() * all.columns());
    }

    private static int zeros(float[] row) {
        int zeros = 0;
        for (float v : row) {
            zeros += v == 0 ? 1 : 0;
        }
        return zeros;
    }
}
