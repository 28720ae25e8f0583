package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.ClassWeight;
import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegularizationPathTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private final int[] labels = new int[3_000];
    private FloatMatrix x;

    @BeforeEach
    void setUp() {
        SplittableRandom random = new SplittableRandom(4);
        x = FloatMatrix.allocate(labels.length, 12);
        for (int i = 0; i < labels.length; i++) {
            labels[i] = i % 10 < 7 ? 0 : i % 10 - 7;
            for (int j = 0; j < 12; j++) {
                x.set(i, j, (float) Math.rint(100 * random.nextDouble() + (j == labels[i] ? 40 : 0)) / 255f);
            }
        }
    }

    @AfterEach
    void tearDown() {
        x.close();
    }

    @Test
    void endsAtTheModelsOfColdStarts() {
        Options options = Options.defaults().withL1Ratio(0.5).withTolerance(1e-6);
        double[] lambdas = {0.1, 0.01, 0.001};
        List<LogisticModel> path = RegularizationPath.fit(x, labels, lambdas, options, POOL);
        long nonZeros = -1;
        for (int i = 0; i < lambdas.length; i++) {
            try (LogisticModel alone = LogisticRegression.fit(x, labels, options.withLambda(lambdas[i]))) {
                assertThat(path.get(i).objective()).isCloseTo(alone.objective(), within(1e-6 * alone.objective()));
                assertThat(path.get(i).certificate().relative()).isBetween(0.0, 1e-6);
            }
            assertThat(path.get(i).nonZeros()).isGreaterThan(nonZeros);
            nonZeros = path.get(i).nonZeros();
        }
        path.forEach(LogisticModel::close);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allWeightsAreZeroAtTheLargestLambdaAndNotBelow(boolean intercept) {
        Options options =
                Options.defaults().withL1Ratio(0.5).withTolerance(1e-7).withIntercept(intercept);
        double largest = RegularizationPath.largestLambda(x, labels, options, POOL);
        try (LogisticModel at = LogisticRegression.fit(x, labels, options.withLambda(largest * 1.01));
                LogisticModel below = LogisticRegression.fit(x, labels, options.withLambda(largest * 0.95))) {
            assertThat(at.nonZeros()).isZero();
            assertThat(below.nonZeros()).isPositive();
        }
    }

    @Test
    void lambdasFallGeometrically() {
        assertThat(RegularizationPath.lambdas(1, 1e-4, 5))
                .containsExactly(new double[] {1, .1, .01, 1e-3, 1e-4}, within(1e-12));
    }

    @Test
    void refusesLambdasThatRise() {
        assertThatThrownBy(() -> RegularizationPath.fit(x, labels, new double[] {0.1, 0.2}, Options.defaults(), POOL))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("the lambdas of a path must decrease, but 0.2 comes after 0.1");
    }

    @Test
    void startsFromAnotherModel() {
        Options options = Options.defaults().withLambda(1e-3).withTolerance(1e-6);
        try (LogisticModel cold = LogisticRegression.fit(x, labels, options);
                LogisticModel warm = LogisticRegression.fit(x, labels, options, cold, POOL)) {
            assertThat(warm.objective()).isCloseTo(cold.objective(), within(1e-6));
            assertThat(warm.iterations()).isZero();
        }
    }

    @Test
    void balancedClassesLeaveNoWeightedResidual() {
        Options options = Options.defaults().withLambda(1e-3).withTolerance(1e-7);
        double[] counts = new double[3];
        for (int label : labels) {
            counts[label]++;
        }
        try (LogisticModel balanced = LogisticRegression.fit(x, labels, options.withClassWeight(ClassWeight.BALANCED));
                FloatMatrix p = balanced.probabilities(x)) {
            // At the optimum the weighted mean residual of each class is zero: intercepts are free.
            for (int c = 0; c < 3; c++) {
                double residual = 0;
                for (int i = 0; i < labels.length; i++) {
                    residual += (p.get(i, c) - (labels[i] == c ? 1 : 0)) * labels.length / (3 * counts[labels[i]]);
                }
                assertThat(residual / labels.length).isCloseTo(0, within(1e-5));
            }
        }
    }

    @Test
    void bytesGiveTheResultOfFloats() {
        Options options = Options.defaults().withLambda(1e-3).withL1Ratio(0.5).withStandardize(true);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes = arena.allocate(labels.length * 12L);
            for (int i = 0; i < labels.length; i++) {
                for (int j = 0; j < 12; j++) {
                    bytes.set(ValueLayout.JAVA_BYTE, i * 12L + j, (byte) Math.round(x.get(i, j) * 255));
                }
            }
            try (LogisticModel floats = LogisticRegression.fit(x, labels, options);
                    LogisticModel fromBytes = LogisticRegression.fit(
                            ByteMatrix.wrap(bytes, labels.length, 12, 1 / 255f), labels, options)) {
                assertThat(fromBytes.objective()).isCloseTo(floats.objective(), within(1e-6));
            }
        }
    }
}
