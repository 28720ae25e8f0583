package io.heddle.cli.study;

import io.heddle.data.fashion.ImageDataset;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.metrics.ConfusionMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Locale;
import java.util.stream.IntStream;

/** Trains a linear classifier on the training images and scores it on the test images. */
final class Classification {
    /** Maximum number of correctly classified images per class on the page. All others are shown. */
    private static final int RECOGNISED = 24;

    private Classification() {}

    static ClassifierResult run(ImageDataset data, LogisticRegression.Options options, Album album, WorkerPool pool) {
        long start = System.nanoTime();
        try (LogisticModel model = LogisticRegression.fit(data.trainImages(), data.trainLabels(), options, pool)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            int[] predicted = model.predict(data.testImages());
            int[] truth = data.testLabels();
            return new ClassifierResult(
                    options.lambda(),
                    options.l1Ratio(),
                    ConfusionMatrix.of(truth, predicted, data.classes()),
                    model.objective(),
                    model.nonZeros(),
                    kind(model),
                    model.certificate().relative(),
                    model.iterations(),
                    model.passes(),
                    seconds,
                    values(model.weights()),
                    predicted,
                    cellImages(truth, predicted, data, album));
        }
    }

    /** As above, on an encoder's features, with the training images in the first rows. */
    static FeatureClassifierResult run(
            ImageDataset data, ImageFeatures features, LogisticRegression.Options options, WorkerPool pool) {
        long start = System.nanoTime();
        FloatMatrix all = features.all();
        long train = data.trainImages().rows();
        try (FloatMatrix seen = all.rows(0, train);
                FloatMatrix held = all.rows(train, all.rows());
                LogisticModel model = LogisticRegression.fit(seen, data.trainLabels(), options, pool)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            return new FeatureClassifierResult(
                    features.encoder(),
                    all.columns(),
                    options.lambda(),
                    ConfusionMatrix.of(data.testLabels(), model.predict(held), data.classes()),
                    kind(model),
                    model.certificate().relative(),
                    seconds);
        }
    }

    private static String kind(LogisticModel model) {
        return model.certificate().kind().name().toLowerCase(Locale.ROOT);
    }

    private static float[] values(FloatMatrix weights) {
        int columns = weights.columns();
        float[] values = new float[Math.toIntExact(weights.rows() * columns)];
        float[] row = new float[columns];
        for (int k = 0; k < weights.rows(); k++) {
            weights.getRow(k, row);
            System.arraycopy(row, 0, values, k * columns, columns);
        }
        return values;
    }

    private static int[][][] cellImages(int[] truth, int[] predicted, ImageDataset data, Album album) {
        int classes = data.classes();
        int firstTest = data.trainLabels().length;
        int[][][] cells = new int[classes][classes][];
        for (int t = 0; t < classes; t++) {
            for (int p = 0; p < classes; p++) {
                int row = t;
                int column = p;
                cells[t][p] = IntStream.range(0, truth.length)
                        .filter(i -> truth[i] == row && predicted[i] == column)
                        .limit(t == p ? RECOGNISED : Integer.MAX_VALUE)
                        .map(i -> album.add(firstTest + i))
                        .toArray();
            }
        }
        return cells;
    }
}
