package io.heddle.model;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Estimates how far the rounding of an imported classifier's numbers to float moves its probabilities. Weights of
 * columns far from zero beside their spread, as after {@code MaxAbsScaler}, are large and cancel against the intercept.
 * A shift near the border of the classes saves their digits only if the border shows where the data are, so not for
 * many such columns.
 */
final class WeightRounding {
    /** Error of a probability above which a note says so. */
    static final double NOTED = 2.5e-4;

    /** Error of a probability above which the model is refused. */
    static final double REFUSED = 0.1;

    private static final String ADVICE =
            "if columns are far from zero beside their spread, fit with a scaler that subtracts their means";

    private WeightRounding() {}

    /**
     * Reports an error that matters.
     *
     * @throws InvalidInputException if it is above {@link #REFUSED}; closes its stages
     */
    static void report(ColumnMap exact, List<Stage> stages, Consumer<String> notes) {
        double error = ofProbabilities(exact, stages);
        if (error > REFUSED) {
            ((Stage.Classifier) stages.getLast()).model().close();
            throw new InvalidInputException(sentence(
                    "Heddle stores weights as floats, which changes probabilities of this file by about %.1g", error));
        }
        if (error > NOTED) {
            notes.accept(sentence("weights are stored as floats, so probabilities may be about %.1g off", error));
        }
    }

    private static String sentence(String format, double error) {
        return String.format(Locale.ROOT, format, error) + "; " + ADVICE;
    }

    /**
     * Returns the root of the sum of the squared errors of all columns, for the class whose logit is most wrong.
     *
     * <p>The file has no data. Scaled columns are taken to reach 1, as after {@code MaxAbsScaler}, or the distance of
     * the border from zero if that is more, as for columns far from zero that are divided by their deviations. With
     * more classes than columns, the border is one row, near the data.
     *
     * @param exact the classifier of the file
     * @param stages what it became
     */
    static double ofProbabilities(ColumnMap exact, List<Stage> stages) {
        // Scalings are kept apart only if nothing is rounded.
        if (stages.size() > 2 || exact.width() > exact.shift().length) {
            return 0;
        }
        Stage.Scale scale = stages.getFirst() instanceof Stage.Scale first ? first : null;
        FloatMatrix stored = ((Stage.Classifier) stages.getLast()).model().weights();
        Affine logits = exact.affine();
        double reach = reach(logits.relative());
        double largest = 0;
        for (int c = 1; c < logits.biases().length; c++) {
            double squares = 0;
            for (int j = 0; j < exact.shift().length; j++) {
                double factor = exact.factor()[j];
                double kept = scale == null ? 1 : scale.factor()[j] / factor;
                double subtracted = scale == null ? 0 : (scale.shift()[j] - exact.shift()[j]) * factor;
                double weight = logits.weights()[c][j] - logits.weights()[0][j];
                double rounded = ((double) stored.get(c, j) - stored.get(0, j)) * kept;
                double error = (weight - rounded) * (reach - Math.abs(subtracted));
                squares += error * error;
            }
            largest = Math.max(largest, squares);
        }
        // The logistic function is steepest at 0, where a probability changes by a quarter of the logit.
        return Math.sqrt(largest) / 4;
    }

    private static double reach(Affine relative) {
        double reach = 1;
        for (int c = 0; c < relative.weights().length; c++) {
            double squares = 0;
            for (double weight : relative.weights()[c]) {
                squares += weight * weight;
            }
            if (squares > 0) {
                reach = Math.max(reach, Math.abs(relative.biases()[c]) / Math.sqrt(squares));
            }
        }
        return reach;
    }
}
