package io.heddle.bench;

import io.heddle.data.fashion.FashionMnist;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The data of both sides: {@code fashion-mnist}, {@code fashion-mnist:ROWS} for a stratified sample of it, or
 * {@code NxDxK}, which is N rows of D columns around K centres.
 *
 * @param train the training rows
 * @param trainLabels their classes
 * @param test the test rows
 * @param testLabels their classes
 * @param classes number of classes
 */
public record BenchData(FloatMatrix train, int[] trainLabels, FloatMatrix test, int[] testLabels, int classes)
        implements AutoCloseable {
    private static final String FASHION = "fashion-mnist";
    private static final Pattern SHAPE = Pattern.compile("(\\d+)x(\\d+)x(\\d+)");
    private static final int MAXIMUM_TEST_ROWS = 10_000;
    private static final long SEED = 20;

    /** Reads or generates the data of a name. */
    public static BenchData of(String name) throws IOException {
        Matcher shape = SHAPE.matcher(name);
        if (shape.matches()) {
            return synthetic(
                    Integer.parseInt(shape.group(1)),
                    Integer.parseInt(shape.group(2)),
                    Integer.parseInt(shape.group(3)));
        }
        if (!name.startsWith(FASHION)) {
            throw new IllegalArgumentException(
                    "data is '%s', which is neither %s, %s:ROWS nor NxDxK".formatted(name, FASHION, FASHION));
        }
        ImageDataset all = FashionMnist.load(Optional.empty(), line -> {});
        if (name.equals(FASHION)) {
            return of(all);
        }
        try (all) {
            int rows = Integer.parseInt(name.substring(FASHION.length() + 1));
            return of(all.sample(rows, Math.min(rows, MAXIMUM_TEST_ROWS), SEED));
        }
    }

    private static BenchData of(ImageDataset images) {
        return new BenchData(
                images.trainImages(), images.trainLabels(), images.testImages(), images.testLabels(), images.classes());
    }

    /**
     * Generates columns with decreasing variance, like principal components of real data, and overlapping clusters, so
     * that no classifier is perfect.
     */
    private static BenchData synthetic(int rows, int columns, int classes) {
        SplittableRandom random = new SplittableRandom(rows + 31L * columns + 961L * classes);
        float[] scales = new float[columns];
        float[][] centres = new float[classes][columns];
        for (int j = 0; j < columns; j++) {
            scales[j] = (float) (1 / Math.sqrt(1 + j / 8.0));
            for (int c = 0; c < classes; c++) {
                centres[c][j] = (float) random.nextGaussian() * scales[j];
            }
        }
        int testRows = Math.min(rows, MAXIMUM_TEST_ROWS);
        FloatMatrix train = FloatMatrix.allocate(rows, columns);
        FloatMatrix test = FloatMatrix.allocate(testRows, columns);
        return new BenchData(
                train, fill(train, centres, scales, random), test, fill(test, centres, scales, random), classes);
    }

    private static int[] fill(FloatMatrix x, float[][] centres, float[] scales, SplittableRandom random) {
        int[] labels = new int[Math.toIntExact(x.rows())];
        float[] row = new float[scales.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % centres.length;
            for (int j = 0; j < row.length; j++) {
                row[j] = centres[labels[i]][j] + scales[j] * (float) random.nextGaussian();
            }
            x.setRow(i, row);
        }
        return labels;
    }

    /** Frees both matrices. */
    @Override
    public void close() {
        train.close();
        test.close();
    }
}
