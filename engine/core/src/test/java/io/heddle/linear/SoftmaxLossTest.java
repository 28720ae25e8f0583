package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Compares value, gradient and Hessian product with plain sums in double. */
class SoftmaxLossTest {
    /** 32 units in the last place of a float. */
    private static final double TERM_ERROR = 32 * 0x1p-23;

    private final SplittableRandom random = new SplittableRandom(3);

    private FloatMatrix matrix(int rows, int columns) {
        FloatMatrix m = FloatMatrix.allocate(rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                m.set(i, j, (float) random.nextGaussian());
            }
        }
        return m;
    }

    private double[] vector(int size) {
        return random.doubles(size, -0.5, 0.5).toArray();
    }

    private double[] weights(int rows) {
        double[] weights = new double[rows];
        for (int i = 0; i < rows; i++) {
            weights[i] = random.nextDouble(0, 2);
        }
        return weights;
    }

    /** Row i after the transform, with the constant that the intercept multiplies. */
    private static double[] row(FloatMatrix x, FeatureTransform t, int i) {
        double[] row = new double[x.columns() + 1];
        for (int j = 0; j < x.columns(); j++) {
            row[j] = (x.get(i, j) - t.shift()[j]) * t.scale()[j];
        }
        row[x.columns()] = t.constant();
        return row;
    }

    private static double[] products(double[] parameters, double[] row, int classes) {
        double[] z = new double[classes];
        for (int c = 0; c < classes; c++) {
            for (int j = 0; j < row.length; j++) {
                z[c] += parameters[c * row.length + j] * row[j];
            }
        }
        return z;
    }

    /** Logarithms of the probabilities: those of a nearly constant column, scaled, are too small for a double. */
    private static double[] logSoftmax(double[] z) {
        double largest = Arrays.stream(z).max().orElseThrow();
        double logSum = largest
                + Math.log(Arrays.stream(z).map(v -> Math.exp(v - largest)).sum());
        return Arrays.stream(z).map(v -> v - logSum).toArray();
    }

    @Property(tries = 20)
    void agreesWithPlainSumsOfFewRows(
            @ForAll @IntRange(min = 1, max = 300) int rows,
            @ForAll @IntRange(min = 1, max = 20) int columns,
            @ForAll @IntRange(min = 2, max = 9) int classes,
            @ForAll FeatureTransform.Scaling scaling,
            @ForAll boolean intercepts,
            @ForAll boolean weighted) {
        agreesWithPlainSums(rows, columns, classes, scaling, intercepts, weighted);
    }

    @Tag("slow")
    @Property(tries = 60)
    void agreesWithPlainSums(
            @ForAll @IntRange(min = 1, max = 3000) int rows,
            @ForAll @IntRange(min = 1, max = 40) int columns,
            @ForAll @IntRange(min = 2, max = 35) int classes,
            @ForAll FeatureTransform.Scaling scaling,
            @ForAll boolean intercepts,
            @ForAll boolean weighted) {
        int width = columns + 1;
        int[] labels = random.ints(rows, 0, classes).toArray();
        double[] weights = weighted ? weights(rows) : null;
        try (FloatMatrix x = matrix(rows, columns)) {
            FeatureTransform t = FeatureTransform.of(x, null, scaling, intercepts, 1e-4, WorkerPool.shared());
            double[] w = vector(classes * width);
            double[] v = vector(classes * width);
            double loss = 0;
            double along = 0;
            double[] gradient = new double[w.length];
            double[] hessian = new double[w.length];
            double[] hessianTerms = new double[w.length];
            for (int i = 0; i < rows; i++) {
                double[] row = row(x, t, i);
                double[] logP = logSoftmax(products(w, row, classes));
                double[] p = Arrays.stream(logP).map(Math::exp).toArray();
                double[] u = products(v, row, classes);
                double weight = weighted ? weights[i] : 1;
                loss -= weight * logP[labels[i]] / rows;
                double[] moved = products(w, row, classes);
                double mean = 0;
                for (int c = 0; c < classes; c++) {
                    mean += p[c] * u[c];
                    moved[c] += 0.25 * u[c];
                }
                along -= weight * logSoftmax(moved)[labels[i]] / rows;
                for (int c = 0; c < classes; c++) {
                    double residual = p[c] - (labels[i] == c ? 1 : 0);
                    for (int j = 0; j < width; j++) {
                        gradient[c * width + j] += weight * residual * row[j] / rows;
                        double term = weight * p[c] * (u[c] - mean) * row[j] / rows;
                        hessian[c * width + j] += term;
                        hessianTerms[c * width + j] += Math.abs(term);
                    }
                }
            }
            try (SoftmaxLoss actual =
                    new SoftmaxLoss(new TrainingRows(x, labels, weights, classes, t), WorkerPool.shared())) {
                // Folding the transform into float weights has an error of an ulp of x · scale, which is large for a
                // nearly constant column.
                double largest = 1;
                for (int i = 0; i < rows; i++) {
                    for (int j = 0; j < columns; j++) {
                        largest = Math.max(largest, Math.abs(x.get(i, j) * t.scale()[j]));
                    }
                }
                double bound = 1e-5 * largest;
                double[] g = new double[w.length];
                assertThat(actual.evaluate(w, g)).isCloseTo(loss, within(bound));
                assertThat(g).containsExactly(gradient, within(bound));
                actual.hessianProduct(v, g);
                // Probabilities and products are floats, so each term also has an error relative to its size.
                double largestTerms = Arrays.stream(hessianTerms).max().orElseThrow();
                assertThat(g).containsExactly(hessian, within(bound + TERM_ERROR * largestTerms));
                actual.setDirection(v);
                assertThat(actual.lossAlong(0.25)).isCloseTo(along, within(bound));
                double advanced = actual.advance(0.25, g);
                assertThat(advanced).isCloseTo(along, within(bound));
            }
        }
    }
}
