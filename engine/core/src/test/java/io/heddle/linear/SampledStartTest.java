package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.FeatureTransform.Scaling;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SampledStartTest {
    private SmallRows small;
    private double[] w;

    @BeforeEach
    void setUp() {
        small = new SmallRows(120, 6, 3);
        w = new double[small.size()];
    }

    @AfterEach
    void tearDown() {
        small.close();
    }

    private double objective(Penalty penalty) {
        return new PlainSums(small.rows, w, 1).loss() + penalty.value(w);
    }

    @Test
    void fewRowsWithoutANormNeedNoSample() {
        SampledStart.from(small.rows, 16_384, small.elasticNet(0, 0.01), w, SmallRows.POOL);
        assertThat(w).containsOnly(0);
        SampledStart.find(small.rows, small.elasticNet(0, 0.01), 1, w, SmallRows.POOL);
        assertThat(w).containsOnly(0);
    }

    /** The fit to a sample has sixteen times the penalty, and a tolerance of 1 %. */
    @Test
    void aSampleIsFittedWithAStrongerPenalty() {
        SampledStart.from(small.rows, 16_385, small.elasticNet(0, 0.01), w, SmallRows.POOL);
        double minimum = small.minimum(0, 0.16, false);
        assertThat(objective(small.elasticNet(0, 0.16))).isBetween(minimum * (1 - 1e-6), minimum * 1.01);
        double weaker = small.minimum(0, 0.01, false);
        assertThat(objective(small.elasticNet(0, 0.01))).isGreaterThan(weaker * 1.02);
    }

    /** From half the smallest weight of the norms without non-zeros, halved until it is at most three times its own. */
    @Test
    void normsDecreaseInSteps() {
        double[] gradient = new PlainSums(small.rows, w, 1).gradient();
        for (boolean grouped : new boolean[] {false, true}) {
            Penalty norms = grouped ? small.grouped(1, 0) : small.elasticNet(1, 0);
            double largest = norms.smallestNorms(gradient);
            // The path has the single weight largest / 2.
            double own = largest / 8;
            Penalty penalty = grouped ? small.grouped(own, own) : small.elasticNet(own, own);
            Arrays.fill(w, 0);
            SampledStart.find(small.rows, penalty, 1, w, SmallRows.POOL);
            double minimum = small.minimum(4 * own, 4 * own, grouped);
            assertThat(objective(penalty.times(4))).isBetween(minimum * (1 - 1e-6), minimum * 1.001);
            // None: half is not above three times the own weight.
            Arrays.fill(w, 0);
            SampledStart.find(small.rows, penalty.times(8 / 5.9), 1, w, SmallRows.POOL);
            assertThat(w).containsOnly(0);
            // Several: the last one is the first of a half, a quarter, … that is at most six times.
            Arrays.fill(w, 0);
            Penalty weak = penalty.times(0.125);
            SampledStart.find(small.rows, weak, 1, w, SmallRows.POOL);
            minimum = small.minimum(4 * own / 8, 4 * own / 8, grouped);
            assertThat(objective(penalty.times(0.5))).isBetween(minimum * (1 - 1e-6), minimum * 1.01);
        }
    }

    @Test
    void aSampleOfManyRowsDependsOnTheSeed() {
        try (SmallRows many = new SmallRows(16_385, 1, 2, Scaling.STANDARDIZE, true, false)) {
            double[] first = new double[4];
            double[] again = new double[4];
            double[] other = new double[4];
            Penalty penalty = many.elasticNet(0, 0.001);
            SampledStart.find(many.rows, penalty, 1, first, SmallRows.POOL);
            SampledStart.find(many.rows, penalty, 1, again, SmallRows.POOL);
            SampledStart.find(many.rows, penalty, 2, other, SmallRows.POOL);
            assertThat(again).isEqualTo(first);
            assertThat(other).isNotEqualTo(first);
            assertThat(other).containsExactly(first, within(0.05));
            assertThat(first[0]).isNotZero();
        }
    }
}
