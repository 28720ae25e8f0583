package io.heddle.audit;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.FloatMatrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds labels that are probably wrong from out-of-fold probabilities. */
final class LabelJudge {
    private static final double SUM_TOLERANCE = 0.02;

    private LabelJudge() {}

    static LabelAudit.Result judge(
            FloatMatrix p, int[] labels, LabelAudit.Cut cut, double lambda, int round, boolean converged) {
        return cut == LabelAudit.Cut.POSTERIOR
                ? byPosterior(p, labels, lambda, round, converged)
                : byConfidence(p, labels, lambda, round, converged);
    }

    static void requireProbabilities(FloatMatrix p) {
        float[] row = new float[p.columns()];
        for (int i = 0; i < p.rows(); i++) {
            p.getRow(i, row);
            double sum = 0;
            for (int k = 0; k < row.length; k++) {
                require(
                        row[k] >= 0 && row[k] <= 1,
                        "row %d, column %d of the probabilities is %s, not from 0 to 1",
                        i,
                        k,
                        row[k]);
                sum += row[k];
            }
            require(Math.abs(sum - 1) <= SUM_TOLERANCE, "the probabilities of row %d add up to %.4g, not to 1", i, sum);
        }
    }

    private static LabelAudit.Result byPosterior(
            FloatMatrix p, int[] labels, double lambda, int round, boolean converged) {
        int classes = p.columns();
        LabelNoise noise = LabelNoise.fit(labels, p);
        List<LabelIssue> issues = new ArrayList<>();
        List<LabelIssue> rivals = new ArrayList<>();
        float[] row = new float[classes];
        double[] posterior = new double[classes];
        double wrong = 0;
        for (int i = 0; i < labels.length; i++) {
            p.getRow(i, row);
            noise.posterior(row, labels[i], posterior);
            wrong += 1 - posterior[labels[i]];
            int other = labels[i] == 0 ? 1 : 0;
            for (int k = 0; k < classes; k++) {
                if (k != labels[i] && posterior[k] > posterior[other]) {
                    other = k;
                }
            }
            rivals.add(new LabelIssue(i, labels[i], other, posterior[other] - posterior[labels[i]]));
            if (posterior[other] > posterior[labels[i]]) {
                issues.add(rivals.getLast());
            }
        }
        return new LabelAudit.Result(
                ranked(issues), rivals, accuracy(p, labels), wrong / labels.length, lambda, round, converged);
    }

    private static LabelAudit.Result byConfidence(
            FloatMatrix p, int[] labels, double lambda, int round, boolean converged) {
        ConfidentJoint joint = ConfidentJoint.of(labels, p);
        List<LabelIssue> issues = new ArrayList<>();
        List<LabelIssue> rivals = new ArrayList<>();
        float[] row = new float[p.columns()];
        for (int i = 0; i < labels.length; i++) {
            p.getRow(i, row);
            int other = strongestOther(row, labels[i]);
            rivals.add(new LabelIssue(i, labels[i], other, row[other] - row[labels[i]]));
            int likely = joint.likely()[i];
            if (likely >= 0 && likely != labels[i]) {
                issues.add(new LabelIssue(i, labels[i], likely, p.get(i, likely) - p.get(i, labels[i])));
            }
        }
        return new LabelAudit.Result(
                ranked(issues), rivals, accuracy(p, labels), joint.noise(), lambda, round, converged);
    }

    private static int strongestOther(float[] row, int label) {
        int other = label == 0 ? 1 : 0;
        for (int k = 0; k < row.length; k++) {
            if (k != label && row[k] > row[other]) {
                other = k;
            }
        }
        return other;
    }

    private static List<LabelIssue> ranked(List<LabelIssue> issues) {
        issues.sort(Comparator.comparingDouble(LabelIssue::margin).reversed().thenComparingInt(LabelIssue::index));
        return issues;
    }

    private static double accuracy(FloatMatrix p, int[] labels) {
        float[] row = new float[p.columns()];
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            p.getRow(i, row);
            int best = 0;
            for (int k = 1; k < row.length; k++) {
                if (row[k] > row[best]) {
                    best = k;
                }
            }
            right += best == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }
}
