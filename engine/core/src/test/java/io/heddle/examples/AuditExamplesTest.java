package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.audit.ConfidentJoint;
import io.heddle.audit.LabelAudit;
import io.heddle.audit.LabelIssue;
import io.heddle.audit.LabelNoise;
import io.heddle.audit.NeighborAudit;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.audit}. */
class AuditExamplesTest {
    @Test
    void labelAudit() {
        int[] labels = ExampleData.labels();
        labels[7] = 2;
        try (FloatMatrix x = ExampleData.rows()) {
            // @start region="label-audit"
            LabelAudit.Result result = LabelAudit.run(x, labels, LabelAudit.Options.defaults());
            for (LabelIssue issue : result.issues()) {
                System.out.println(issue.index() + " is rather of class " + issue.suggested());
            }
            // @end
            assertThat(result.issues()).extracting(LabelIssue::index).containsExactly(7);
        }
    }

    /** Probabilities that a model trained without the rows could give. */
    private static FloatMatrix heldOut(int[] truth) {
        FloatMatrix p = FloatMatrix.allocate(truth.length, ExampleData.GROUPS);
        for (int i = 0; i < truth.length; i++) {
            for (int c = 0; c < ExampleData.GROUPS; c++) {
                p.set(i, c, c == truth[i] ? 0.9f : 0.05f);
            }
        }
        return p;
    }

    @Test
    void labelNoise() {
        int[] given = ExampleData.labels();
        try (FloatMatrix probabilities = heldOut(given)) {
            given[7] = 2;
            // @start region="label-noise"
            LabelNoise noise = LabelNoise.fit(given, probabilities);
            double mistaken = noise.transition()[1][2]; // how often a true 1 is labelled 2
            // @end
            assertThat(mistaken).isBetween(0.0, 0.05);
        }
    }

    @Test
    void confidentJoint() {
        int[] given = ExampleData.labels();
        try (FloatMatrix probabilities = heldOut(given)) {
            given[7] = 2;
            // @start region="confident-joint"
            ConfidentJoint joint = ConfidentJoint.of(given, probabilities);
            int suspects = joint.counts()[2][1]; // rows given as 2 that are likely 1
            // @end
            assertThat(suspects).isEqualTo(1);
        }
    }

    @Test
    void neighborAudit() {
        try (FloatMatrix rows = ExampleData.rows();
                FloatMatrix x = rows.gather(new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 7})) {
            // @start region="neighbor-audit"
            NeighborAudit found = NeighborAudit.of(x, NeighborAudit.Options.defaults(), WorkerPool.shared());
            for (NeighborAudit.DuplicateSet set : found.duplicates()) {
                System.out.println((set.exact() ? "the same: " : "alike: ") + Arrays.toString(set.rows()));
            }
            // @end
            assertThat(found.duplicates())
                    .anySatisfy(set -> assertThat(set.rows()).contains(7, 12));
        }
    }

    @Test
    void ownProbabilities() {
        int[] given = ExampleData.labels();
        try (FloatMatrix probabilities = heldOut(given)) {
            given[7] = 2;
            LabelAudit.Result result = LabelAudit.ofProbabilities(probabilities, given, LabelAudit.Cut.CONFIDENT_JOINT);
            assertThat(result.issues()).extracting(LabelIssue::index).containsExactly(7);
            assertThat(result.lambda()).isNaN();
        }
    }
}
