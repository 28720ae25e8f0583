package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsensusTest {
    private final List<FloatMatrix> open = new ArrayList<>();

    @AfterEach
    void free() {
        open.forEach(FloatMatrix::close);
    }

    /** Probability 0.8 for the label of each row. */
    private FloatMatrix probabilities(int clusters, int... labels) {
        FloatMatrix p = FloatMatrix.allocate(labels.length, clusters);
        for (int i = 0; i < labels.length; i++) {
            for (int k = 0; k < clusters; k++) {
                p.set(i, k, k == labels[i] ? 0.8f : 0.2f / (clusters - 1));
            }
        }
        open.add(p);
        return p;
    }

    /** The second clustering has other numbers, the third other numbers and two other rows. */
    @Test
    void clustersAreMatchedByTheirRows() {
        List<FloatMatrix> all = List.of(
                probabilities(3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2),
                probabilities(3, 2, 2, 2, 0, 0, 0, 1, 1, 1, 1),
                probabilities(3, 1, 1, 2, 2, 2, 2, 0, 0, 0, 1));
        int[][] aligned = Consensus.align(all);
        assertThat(aligned[0]).containsExactly(0, 1, 2);
        assertThat(aligned[1]).containsExactly(1, 2, 0);
        assertThat(aligned[2]).containsExactly(2, 0, 1);
        assertThat(Consensus.agreement(all, aligned)).isEqualTo((10 + 8) / 20.0);
        assertThat(Consensus.agreement(all.subList(0, 1), Consensus.align(all.subList(0, 1))))
                .isNaN();
    }

    /** Matching the largest overlap first would give 4 + 0; the best assignment gives 3 + 3. */
    @Test
    void theBestAssignmentIsNotGreedy() {
        List<FloatMatrix> all =
                List.of(probabilities(2, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1), probabilities(2, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0));
        int[][] aligned = Consensus.align(all);
        assertThat(aligned[1]).containsExactly(1, 0);
        assertThat(Consensus.agreement(all, aligned)).isEqualTo(0.6);
    }

    @Test
    void votesAreRenumberedAndWeighted() {
        FloatMatrix p = probabilities(3, 0, 2);
        FloatMatrix votes = FloatMatrix.allocate(2, 3);
        open.add(votes);
        votes.set(0, 0, 0.5f);
        Consensus.vote(p, 1, new int[] {2, 0, 1}, 0.25f, votes, 0);
        assertThat(votes.get(0, 0)).isCloseTo(0.5f + 0.25f * 0.1f, within(1e-7f));
        assertThat(votes.get(0, 1)).isCloseTo(0.25f * 0.8f, within(1e-7f));
        assertThat(votes.get(0, 2)).isCloseTo(0.25f * 0.1f, within(1e-7f));
        assertThat(votes.get(1, 0)).isZero();
    }

    @Test
    void theLowestOfEqualSharesIsTheLabel() {
        FloatMatrix shares = FloatMatrix.copyOf(new float[] {1, 3, 3, 0, 0, 0, -5, -7, -4}, 3, 3);
        open.add(shares);
        assertThat(Consensus.labels(shares)).containsExactly(1, 0, 2);
    }
}
