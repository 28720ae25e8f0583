package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sums in double, and those of the loss in float that other tests do not reach, against plain sums. */
class ExactLossTest {
    private static final int COLUMNS = 3;
    private static final int WIDTH = COLUMNS + 1;

    private final SplittableRandom random = new SplittableRandom(3);

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
        double[] d = random.doubles(loss.size(), -0.5, 0.5).toArray();
        double[] out = new double[w.length];
        double[] ahead = new double[w.length];
        for (int i = 0; i < w.length; i++) {
            ahead[i] = w[i] + 0.25 * d[i];
        }
        PlainSums at = new PlainSums(data, w, 0.75);
        PlainSums moved = new PlainSums(data, ahead, 1);
        assertThat(loss.evaluate(w, out)).isCloseTo(at.loss(), within(bound));
        assertThat(out).containsExactly(at.gradient(), within(bound));
        assertThat(loss.passes()).isEqualTo(1);
        assertThat(loss.meanNegativeEntropy(0.75)).isCloseTo(at.entropy(), within(bound));
        double[][] curvature = loss.meanCurvature();
        for (int c = 0; c < data.classes(); c++) {
            assertThat(curvature[c]).containsExactly(at.curvature()[c], within(bound));
        }
        loss.hessianProduct(v, out);
        assertThat(out).containsExactly(PlainSums.times(at.hessian(), v), within(bound));
        assertThat(loss.passes()).isEqualTo(2);
        float[] p = new float[data.classes()];
        double[] plain = at.probabilities(5, w);
        loss.probabilities(5, p);
        for (int c = 0; c < p.length; c++) {
            assertThat((double) p[c]).isCloseTo(plain[c], within(1e-6));
        }
        loss.setDirection(d);
        assertThat(loss.lossAlong(0.25)).isCloseTo(moved.loss(), within(bound));
        assertThat(loss.lossAlong(0)).isCloseTo(at.loss(), within(bound));
        assertThat(loss.advance(0.25, out)).isCloseTo(moved.loss(), within(bound));
        assertThat(out).containsExactly(moved.gradient(), within(bound));
        assertThat(loss.passes()).isEqualTo(3);
        // The sums of a slice begin at 0 again.
        assertThat(loss.evaluate(ahead, out)).isCloseTo(moved.loss(), within(bound));
        assertThat(out).containsExactly(moved.gradient(), within(bound));
        assertThat(loss.passes()).isEqualTo(4);
        assertThat(loss.meanNegativeEntropy(1)).isCloseTo(moved.entropy(), within(bound));
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
    @CsvSource({"false", "true"})
    void theMeanLossOfSomeRowsIsWeighted(boolean weighted) {
        try (FloatMatrix x = FloatMatrix.allocate(40, COLUMNS)) {
            TrainingRows data = data(x, 3, Scaling.STANDARDIZE, true, weighted);
            double[] w = random.doubles(3 * WIDTH, -0.5, 0.5).toArray();
            PlainSums plain = new PlainSums(data, w, 1);
            try (SoftmaxLoss loss = new SoftmaxLoss(data, WorkerPool.shared())) {
                loss.evaluate(w, new double[w.length]);
                double sum = 0;
                double total = 0;
                long[] some = {3, 4, 17, 39};
                for (long i : some) {
                    double weight = weighted ? data.weights()[(int) i] : 1;
                    sum -= weight * Math.log(plain.probabilities((int) i, w)[data.labels()[(int) i]]);
                    total += weight;
                }
                assertThat(loss.meanLoss(some)).isCloseTo(sum / total, within(1e-6));
            }
        }
    }

    /** Logits whose exponentials overflow, and probabilities whose distance to 1 a double does not have. */
    @Test
    void extremeLogitsHaveTheLossOfTheirDifferences() {
        double[][] rows = {{-800, 900, 899}, {900, 899, -800}, {899, -800, 900}, {50, 0, 0}, {0, 0, 50}, {-9, -9, -9}};
        ExactSoftmax softmax = new ExactSoftmax(3);
        for (double[] row : rows) {
            for (int label = 0; label < 3; label++) {
                double[] z = {7, row[0], row[1], row[2]};
                double[] p = {9, 0, 0, 0};
                double loss = softmax.apply(z, p, 1, label);
                double largest = Arrays.stream(row).max().orElseThrow();
                double others = 0;
                int top = 0;
                for (int c = 0; c < 3; c++) {
                    top = row[c] > row[top] ? c : top;
                }
                for (int c = 0; c < 3; c++) {
                    others += c == top ? 0 : Math.exp(row[c] - largest);
                }
                double expected = largest - row[label] + Math.log1p(others);
                assertThat(loss).isCloseTo(expected, within(1e-14 * expected));
                assertThat(p[0]).isEqualTo(9);
                for (int c = 0; c < 3; c++) {
                    assertThat(p[1 + c]).isCloseTo(Math.exp(row[c] - largest) / (1 + others), within(1e-15));
                }
            }
        }
    }

    @Test
    void saysWhatItCanComputeAndFreesItsMemory() {
        try (FloatMatrix x = FloatMatrix.allocate(40, COLUMNS)) {
            TrainingRows data = data(x, 3, Scaling.STANDARDIZE, true, false);
            double[] w = new double[3 * WIDTH];
            ExactLoss exact = ExactLoss.of(data, WorkerPool.shared());
            SoftmaxLoss floats = new SoftmaxLoss(data, WorkerPool.shared());
            assertThat(exact.rounding()).isBetween(1e-16, 1e-14);
            assertThat(floats.rounding()).isBetween(1e-9, 1e-7);
            assertThat(exact.maximumDense()).isGreaterThan(512);
            assertThat(floats.maximumDense()).isZero();
            assertThatThrownBy(() -> floats.hessian(new double[w.length * w.length]))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(exact.curvatureRows()).isSameAs(exact);
            for (RowLoss loss : List.of(exact, floats)) {
                loss.evaluate(w, new double[w.length]);
                loss.setDirection(w);
                loss.close();
                assertThatThrownBy(() -> loss.lossAlong(1)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> loss.probabilities(0, new float[3])).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> loss.evaluate(w, new double[w.length]))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
    }

    /** Logits and probabilities of each row and class: doubles, and floats in rows of a multiple of 16. */
    @Test
    void countsTheBytesOfBothLosses() {
        assertThat(ExactLoss.bytes(1_000, 3)).isEqualTo(2 * 1_000 * 3 * 8);
        long rows = FloatMatrix.bytesFor(1_000_000, 10);
        long weights = FloatMatrix.bytesFor(10, 784);
        assertThat(SoftmaxLoss.bytes(1_000_000, 784, 10))
                .isBetween(2 * rows + 4 * weights, 2 * rows + 40 * weights + 1_000_000);
        assertThat(SoftmaxLoss.bytes(1, 784, 10)).isBetween(3 * weights, 3 * weights + 200_000);
    }

    @ParameterizedTest
    @CsvSource({"60, 3, false", "3000, 2, true"})
    void theHessianAndTheGradientOfAPoint(int rows, int classes, boolean weighted) {
        try (FloatMatrix x = FloatMatrix.allocate(rows, COLUMNS)) {
            TrainingRows data = data(x, classes, Scaling.STANDARDIZE, true, weighted);
            double[] w = random.doubles((long) classes * WIDTH, -0.5, 0.5).toArray();
            PlainSums plain = new PlainSums(data, w, 1);
            double[] gradient = new double[w.length];
            double measured = ExactLoss.measure(data, w, gradient, WorkerPool.shared());
            assertThat(measured).isCloseTo(plain.loss(), within(1e-13));
            assertThat(gradient).containsExactly(plain.gradient(), within(1e-13));
            try (ExactLoss loss = ExactLoss.of(data, WorkerPool.shared())) {
                loss.evaluate(w, gradient);
                double[] hessian = new double[w.length * w.length];
                loss.hessian(hessian);
                loss.hessian(hessian);
                for (int i = 0; i < w.length; i++) {
                    // The blocks of a class and the later ones.
                    for (int j = i / WIDTH * WIDTH; j < w.length; j++) {
                        assertThat(hessian[i * w.length + j]).isCloseTo(plain.hessian()[i][j], within(1e-13));
                    }
                }
            }
        }
    }
}
