package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sums in double, and those of the loss in float that other tests do not reach, against plain sums. */
class ExactLossTest {
    private static final int COLUMNS = 3;
    private static final int WIDTH = COLUMNS + 1;

    private final SplittableRandom random = new SplittableRandom(3);

    /** The sums at a point, row by row. */
    private static final class Plain {
        final TrainingRows data;
        final int classes;
        final double[] gradient;
        final double[][] hessian;
        final double[][] curvature;
        double loss;
        double entropy;

        Plain(TrainingRows data, double[] w, double s) {
            this.data = data;
            classes = data.classes();
            gradient = new double[w.length];
            hessian = new double[w.length][w.length];
            curvature = new double[classes][classes];
            for (int i = 0; i < data.count(); i++) {
                add(i, w, s, data.weights() == null ? 1 : data.weights()[i]);
            }
        }

        private double[] row(int i) {
            double[] row = new double[WIDTH];
            FeatureTransform t = data.transform();
            for (int j = 0; j < COLUMNS; j++) {
                row[j] = (((FloatMatrix) data.x()).get(i, j) - t.shift()[j]) * t.scale()[j];
            }
            row[COLUMNS] = t.constant();
            return row;
        }

        double[] probabilities(int i, double[] w) {
            double[] row = row(i);
            double[] p = new double[classes];
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                double z = 0;
                for (int j = 0; j < WIDTH; j++) {
                    z += w[c * WIDTH + j] * row[j];
                }
                p[c] = Math.exp(z);
                sum += p[c];
            }
            for (int c = 0; c < classes; c++) {
                p[c] /= sum;
            }
            return p;
        }

        private void add(int i, double[] w, double s, double weight) {
            double share = weight / data.count();
            double[] row = row(i);
            double[] p = probabilities(i, w);
            loss -= share * Math.log(p[data.labels()[i]]);
            for (int c = 0; c < classes; c++) {
                double own = data.labels()[i] == c ? 1 : 0;
                double q = own + s * (p[c] - own);
                entropy += q > 0 ? share * q * Math.log(q) : 0;
                for (int e = 0; e < classes; e++) {
                    double curved = share * p[c] * ((c == e ? 1 : 0) - p[e]);
                    curvature[c][e] += curved;
                    for (int j = 0; j < WIDTH; j++) {
                        for (int l = 0; l < WIDTH; l++) {
                            hessian[c * WIDTH + j][e * WIDTH + l] += curved * row[j] * row[l];
                        }
                    }
                }
                for (int j = 0; j < WIDTH; j++) {
                    gradient[c * WIDTH + j] += share * (p[c] - own) * row[j];
                }
            }
        }

        double[] times(double[] v) {
            double[] product = new double[v.length];
            for (int i = 0; i < v.length; i++) {
                for (int j = 0; j < v.length; j++) {
                    product[i] += hessian[i][j] * v[j];
                }
            }
            return product;
        }
    }

    private TrainingRows data(FloatMatrix x, int classes, Scaling scaling, boolean intercepts, boolean weighted) {
        int rows = (int) x.rows();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < COLUMNS; j++) {
                x.set(i, j, (float) (random.nextGaussian() * (j + 1) + 2));
            }
        }
        int[] labels = random.ints(rows, 0, classes).toArray();
        double[] weights = weighted ? random.doubles(rows, 0, 2).toArray() : null;
        FeatureTransform t = FeatureTransform.of(x, null, scaling, intercepts, 1e-4, WorkerPool.shared());
        return new TrainingRows(x, labels, weights, classes, t);
    }

    private void agrees(RowLoss loss, TrainingRows data, double bound) {
        double[] w = random.doubles(loss.size(), -0.5, 0.5).toArray();
        double[] v = random.doubles(loss.size(), -0.5, 0.5).toArray();
        double[] out = new double[w.length];
        double[] ahead = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            ahead[i] = w[i] + 0.25 * v[i];
        }
        Plain at = new Plain(data, w, 0.75);
        Plain moved = new Plain(data, ahead, 1);
        assertThat(loss.evaluate(w, out)).isCloseTo(at.loss, within(bound));
        assertThat(out).containsExactly(at.gradient, within(bound));
        assertThat(loss.passes()).isEqualTo(1);
        assertThat(loss.meanNegativeEntropy(0.75)).isCloseTo(at.entropy, within(bound));
        double[][] curvature = loss.meanCurvature();
        for (int c = 0; c < data.classes(); c++) {
            assertThat(curvature[c]).containsExactly(at.curvature[c], within(bound));
        }
        loss.hessianProduct(v, out);
        assertThat(out).containsExactly(at.times(v), within(bound));
        assertThat(loss.passes()).isEqualTo(2);
        float[] p = new float[data.classes()];
        double[] plain = at.probabilities(5, w);
        loss.probabilities(5, p);
        for (int c = 0; c < p.length; c++) {
            assertThat((double) p[c]).isCloseTo(plain[c], within(1e-6));
        }
        loss.setDirection(v);
        assertThat(loss.lossAlong(0.25)).isCloseTo(moved.loss, within(bound));
        assertThat(loss.lossAlong(0)).isCloseTo(at.loss, within(bound));
        assertThat(loss.advance(0.25, out)).isCloseTo(moved.loss, within(bound));
        assertThat(out).containsExactly(moved.gradient, within(bound));
        assertThat(loss.passes()).isEqualTo(3);
        assertThat(loss.meanNegativeEntropy(1)).isCloseTo(moved.entropy, within(bound));
    }

    /** Rows of one block, and of several slices. */
    @ParameterizedTest
    @CsvSource({
        "40, 2, STANDARDIZE, true, false",
        "40, 4, ALWAYS, false, true",
        "3000, 3, WHERE_NEEDED, true, true",
        "5000, 2, STANDARDIZE, false, false"
    })
    void agreesWithPlainSums(int rows, int classes, Scaling scaling, boolean intercepts, boolean weighted) {
        try (FloatMatrix x = FloatMatrix.allocate(rows, COLUMNS)) {
            TrainingRows data = data(x, classes, scaling, intercepts, weighted);
            try (ExactLoss loss = ExactLoss.of(data, WorkerPool.shared())) {
                assertThat(loss.exact()).isTrue();
                agrees(loss, data, 1e-13);
            }
            try (SoftmaxLoss loss = new SoftmaxLoss(data, WorkerPool.shared())) {
                assertThat(loss.exact()).isFalse();
                agrees(loss, data, 2e-5);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"60, 3, false", "3000, 2, true"})
    void theHessianAndTheGradientOfAPoint(int rows, int classes, boolean weighted) {
        try (FloatMatrix x = FloatMatrix.allocate(rows, COLUMNS)) {
            TrainingRows data = data(x, classes, Scaling.STANDARDIZE, true, weighted);
            double[] w = random.doubles((long) classes * WIDTH, -0.5, 0.5).toArray();
            Plain plain = new Plain(data, w, 1);
            double[] gradient = new double[w.length];
            double measured = ExactLoss.measure(data, w, gradient, WorkerPool.shared());
            assertThat(measured).isCloseTo(plain.loss, within(1e-13));
            assertThat(gradient).containsExactly(plain.gradient, within(1e-13));
            try (ExactLoss loss = ExactLoss.of(data, WorkerPool.shared())) {
                loss.evaluate(w, gradient);
                double[] hessian = new double[w.length * w.length];
                loss.hessian(hessian);
                loss.hessian(hessian);
                for (int i = 0; i < w.length; i++) {
                    // The blocks of a class and the later ones.
                    for (int j = i / WIDTH * WIDTH; j < w.length; j++) {
                        assertThat(hessian[i * w.length + j]).isCloseTo(plain.hessian[i][j], within(1e-13));
                    }
                }
            }
        }
    }
}
