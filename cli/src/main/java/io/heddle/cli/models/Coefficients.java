package io.heddle.cli.models;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.options.CommonFlags;
import io.heddle.linear.LogisticModel;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import io.heddle.preprocessing.FittedColumn;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The weights of a classifier of a table, by feature name and in the units of the columns: the preprocessing is
 * included, so that logit = intercept + Σ weight · value in the file.
 *
 * @param names of the features
 * @param weights classes × features
 * @param intercepts one per class
 * @param effects for each feature the largest weight in the units of the model's inputs
 */
record Coefficients(List<String> names, double[][] weights, double[] intercepts, double[] effects) {
    private static final int FEATURES_SHOWN = 20;
    private static final int CLASSES_SHOWN = 5;

    /** Returns nothing for models of rows without names or of components. */
    static Optional<Coefficients> of(SavedModel model) {
        if (model.tables().isEmpty()
                || !(model.stages().size() == 1 && model.stages().getFirst() instanceof Stage.Classifier classifier)) {
            return Optional.empty();
        }
        return Optional.of(of(model.tables().get().preprocessor(), classifier.model()));
    }

    private static Coefficients of(TablePreprocessor preprocessor, LogisticModel model) {
        int classes = model.classes();
        int features = model.features();
        double[][] weights = new double[classes][features];
        double[] intercepts = new double[classes];
        double[] effects = new double[features];
        float[] given = model.intercepts();
        for (int c = 0; c < classes; c++) {
            intercepts[c] = given[c];
            int f = 0;
            for (FittedColumn column : preprocessor.columns()) {
                boolean number = column.treatment().encoding() != Treatment.Encoding.ONE_HOT;
                for (int i = 0; i < column.features(); i++, f++) {
                    double w = model.weights().get(c, f);
                    effects[f] = Math.max(effects[f], Math.abs(w));
                    // The first is the number; an indicator after it is 0 or 1 and not scaled.
                    boolean scaled = number && i == 0;
                    weights[c][f] = scaled ? w * column.factor() : w;
                    intercepts[c] -= scaled ? w * column.factor() * column.shift() : 0;
                }
            }
        }
        return new Coefficients(preprocessor.featureNames(), weights, intercepts, effects);
    }

    ObjectNode json() {
        ObjectNode node = CommonFlags.object();
        node.put("units", "those of the columns, with the preprocessing included");
        ArrayNode at = node.putArray("intercepts");
        for (double intercept : intercepts) {
            at.add(intercept);
        }
        ArrayNode features = node.putArray("features");
        for (int f = 0; f < names.size(); f++) {
            ArrayNode values = features.addObject().put("name", names.get(f)).putArray("weights");
            for (double[] row : weights) {
                values.add(row[f]);
            }
        }
        return node;
    }

    /** Returns the features with the largest weights, for the first classes. */
    List<String> lines(List<String> classNames) {
        int classes = Math.min(CLASSES_SHOWN, weights.length);
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("weights in the units of the columns (logit = intercept + sum of weight x value)%s"
                .formatted(weights.length > classes ? ", of the first %d classes".formatted(classes) : ""));
        StringBuilder head = new StringBuilder("%-28s".formatted(""));
        StringBuilder intercept = new StringBuilder("%-28s".formatted("intercept"));
        for (int c = 0; c < classes; c++) {
            String name = c < classNames.size() ? classNames.get(c) : Integer.toString(c);
            head.append(" %12s".formatted(cut(name, 12)));
            intercept.append(" %12.5g".formatted(intercepts[c]));
        }
        lines.add(head.toString());
        lines.add(intercept.toString());
        int[] order = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer f) -> -effects[f]))
                .limit(FEATURES_SHOWN)
                .sorted()
                .mapToInt(Integer::intValue)
                .toArray();
        for (int f : order) {
            StringBuilder line = new StringBuilder("%-28s".formatted(cut(names.get(f), 28)));
            for (int c = 0; c < classes; c++) {
                line.append(" %12.5g".formatted(weights[c][f]));
            }
            lines.add(line.toString());
        }
        if (order.length < names.size()) {
            lines.add("and %d features with smaller weights (--json lists all)".formatted(names.size() - order.length));
        }
        return lines;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
