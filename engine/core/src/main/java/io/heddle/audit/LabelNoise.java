package io.heddle.audit;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;

/**
 * The label noise: for each true class the probabilities of the given labels, estimated by maximum likelihood, and with
 * them the probability that a label is correct.
 *
 * <p>The likelihood Σ log Σₖ p(k | xᵢ) T[k][givenᵢ] is concave in T; expectation maximisation finds its maximum (the
 * model of Dawid and Skene, Applied Statistics 28, 1979, with one annotator and a classifier for a prior). If classes
 * overlap and the labels vary as the classifier's probabilities predict, T is the identity. Such rows are not reported
 * as errors, unlike with the {@linkplain ConfidentJoint confident joint}.
 *
 * <p>For example: {@snippet file="AuditExamplesTest.java" region="label-noise"}
 */
public final class LabelNoise {
    private static final int MAXIMUM_ROUNDS = 500;
    /** Gain in the mean log-likelihood below which the iteration stops. */
    private static final double TOLERANCE = 1e-8;

    private static final double FIRST_GUESS = 0.05;
    /** Keeps all probabilities above 0. */
    private static final double FLOOR = 1e-7;

    private final double[][] transition;
    private final double logLikelihood;

    private LabelNoise(double[][] transition, double logLikelihood) {
        this.transition = transition;
        this.logLikelihood = logLikelihood;
    }

    /**
     * Estimates the noise, in O(n · classes) per iteration.
     *
     * @param given the label of each row, in [0, classes)
     * @param probabilities n × classes, each row's from a model that has not seen the row
     * @return the estimate
     * @throws InvalidInputException if there are no rows or not as many labels as rows, or a label is no class
     */
    public static LabelNoise fit(int[] given, FloatMatrix probabilities) {
        ConfidentJoint.validate(given, probabilities);
        int classes = probabilities.columns();
        LabelNoise noise = new LabelNoise(firstGuess(classes), Double.NEGATIVE_INFINITY);
        for (int round = 0; round < MAXIMUM_ROUNDS; round++) {
            WorkerPool.checkInterrupted();
            LabelNoise next = noise.next(given, probabilities);
            boolean arrived = next.logLikelihood - noise.logLikelihood < TOLERANCE;
            noise = next;
            if (arrived) {
                break;
            }
        }
        return noise;
    }

    private static double[][] firstGuess(int classes) {
        double[][] guess = new double[classes][classes];
        for (int k = 0; k < classes; k++) {
            for (int g = 0; g < classes; g++) {
                guess[k][g] = k == g ? 1 - FIRST_GUESS : FIRST_GUESS / Math.max(1, classes - 1);
            }
        }
        return guess;
    }

    /** One iteration: the expected counts of true and given label become the new probabilities. */
    private LabelNoise next(int[] given, FloatMatrix probabilities) {
        int classes = transition.length;
        double[][] counts = new double[classes][classes];
        double likelihood = 0;
        float[] row = new float[classes];
        double[] posterior = new double[classes];
        for (int i = 0; i < given.length; i++) {
            probabilities.getRow(i, row);
            likelihood += Math.log(posterior(row, given[i], posterior));
            for (int k = 0; k < classes; k++) {
                counts[k][given[i]] += posterior[k];
            }
        }
        double[][] next = new double[classes][classes];
        for (int k = 0; k < classes; k++) {
            double sum = 0;
            for (double count : counts[k]) {
                sum += count;
            }
            for (int g = 0; g < classes; g++) {
                next[k][g] = sum == 0 ? transition[k][g] : Math.max(FLOOR, counts[k][g] / sum);
            }
        }
        return new LabelNoise(next, likelihood / given.length);
    }

    /**
     * Computes the probabilities of the true classes for a given label.
     *
     * @param probabilities of the classes, by a model
     * @param given the given label
     * @param posterior receives the probabilities
     * @return the probability of the label
     */
    public double posterior(float[] probabilities, int given, double[] posterior) {
        double sum = 0;
        for (int k = 0; k < posterior.length; k++) {
            // A probability rounded to 0 would exclude a class permanently.
            posterior[k] = Math.max(probabilities[k], FLOOR) * transition[k][given];
            sum += posterior[k];
        }
        for (int k = 0; k < posterior.length; k++) {
            posterior[k] /= sum;
        }
        return sum;
    }

    /** {@return the probability of each given label (column) for each true class (row)} */
    public double[][] transition() {
        double[][] copy = new double[transition.length][];
        for (int k = 0; k < copy.length; k++) {
            copy[k] = transition[k].clone();
        }
        return copy;
    }

    /** {@return the mean over the rows of the logarithm of the given label's probability} */
    public double logLikelihood() {
        return logLikelihood;
    }
}
