package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.preprocessing.FittedColumn;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Exports a {@link TablePreprocessor} as ONNX operators. All numeric columns are one input of doubles. Each column of
 * text is a separate input, where the empty string is a missing value. The features are floats, as in Heddle.
 */
final class OnnxPreprocessing {
    /** Prefix of the names of text inputs, so that they differ from all other names of the graph. */
    static final String TEXT = "text:";

    private static final String NUMBERS = "input";

    private final OnnxGraph graph;
    private final List<FittedColumn> columns;
    /** Groups of features and the index of each feature among all. */
    private final List<String> parts = new ArrayList<>();

    private final List<Integer> places = new ArrayList<>();

    private OnnxPreprocessing(OnnxGraph graph, List<FittedColumn> columns) {
        this.graph = graph;
        this.columns = columns;
    }

    /**
     * @return the name of the output with the features
     * @throws io.heddle.matrix.InvalidInputException if a column has the empty string as a category
     */
    static String write(OnnxGraph graph, TablePreprocessor preprocessor) {
        return new OnnxPreprocessing(graph, preprocessor.columns()).features();
    }

    private static boolean text(FittedColumn column) {
        return column.treatment().encoding() == Treatment.Encoding.ONE_HOT;
    }

    private int first(int column) {
        return columns.subList(0, column).stream()
                .mapToInt(FittedColumn::features)
                .sum();
    }

    private String features() {
        int[] numbers = IntStream.range(0, columns.size())
                .filter(j -> !text(columns.get(j)))
                .toArray();
        if (numbers.length > 0) {
            numbers(numbers);
        }
        for (int j = 0; j < columns.size(); j++) {
            if (text(columns.get(j))) {
                text(columns.get(j), j);
            }
        }
        String all = parts.size() == 1
                ? parts.getFirst()
                : graph.node("Concat", "features_by_part", Map.of("axis", 1), parts.toArray(String[]::new));
        boolean ordered = IntStream.range(0, places.size()).allMatch(i -> places.get(i) == i);
        if (!ordered) {
            long[] order = new long[places.size()];
            for (int i = 0; i < order.length; i++) {
                order[places.get(i)] = i;
            }
            all = graph.node(
                    "Gather", "features_in_order", Map.of("axis", 1), all, graph.integers("features_order", order));
        }
        return graph.node("Cast", "features", Map.of("to", OnnxGraph.FLOAT), all);
    }

    private double[] of(int[] chosen, java.util.function.ToDoubleFunction<FittedColumn> value) {
        return IntStream.of(chosen)
                .mapToDouble(j -> value.applyAsDouble(columns.get(j)))
                .toArray();
    }

    private void numbers(int[] chosen) {
        String x = graph.input(NUMBERS, OnnxGraph.DOUBLE, chosen.length);
        double[] unit = of(chosen, FittedColumn::unit);
        double[] fill = of(chosen, FittedColumn::fill);
        String given = x;
        if (Arrays.stream(unit).anyMatch(u -> u != 1)) {
            x = graph.node("Mul", "in_units", Map.of(), x, graph.vector("units", unit, true));
        }
        if (Arrays.stream(fill).anyMatch(v -> !Double.isNaN(v))) {
            String missing = graph.node("IsNaN", "missing", Map.of(), given);
            x = graph.node("Where", "filled", Map.of(), missing, graph.vector("fills", fill, true), x);
        }
        String shifts = graph.vector("shifts", of(chosen, FittedColumn::shift), true);
        x = graph.node("Sub", "shifted", Map.of(), x, shifts);
        double[] factor = of(chosen, FittedColumn::factor);
        if (Arrays.stream(factor).anyMatch(v -> v != 1)) {
            x = graph.node("Mul", "scaled", Map.of(), x, graph.vector("factors", factor, true));
        }
        parts.add(x);
        IntStream.of(chosen).forEach(j -> places.add(first(j)));
        int[] indicated = IntStream.range(0, chosen.length)
                .filter(i -> columns.get(chosen[i]).treatment().indicator())
                .toArray();
        if (indicated.length > 0) {
            String missing = graph.node("IsNaN", "told_missing", Map.of(), given);
            String wide = graph.node("Cast", "missing_numbers", Map.of("to", OnnxGraph.DOUBLE), missing);
            String some = graph.integers(
                    "indicated", IntStream.of(indicated).asLongStream().toArray());
            parts.add(graph.node("Gather", "indicators", Map.of("axis", 1), wide, some));
            IntStream.of(indicated).forEach(i -> places.add(first(chosen[i]) + 1));
        }
    }

    /**
     * Encodes each category and the empty string as a column of 0 and 1. The features are sums of these columns. A
     * missing value is the fill category, or none. The feature of all other categories is 1 minus the sum of the
     * columns.
     */
    private void text(FittedColumn column, int j) {
        List<String> categories = column.column().categories();
        String name = column.column().name();
        require(
                !categories.contains(""),
                "column '%s' has the empty string as a category, which is a missing value in ONNX",
                name);
        List<String> known = new ArrayList<>(categories);
        boolean told = column.treatment().indicator()
                || column.treatment().missing() == Treatment.Missing.CATEGORY
                || !Double.isNaN(column.fill());
        if (told) {
            known.add("");
        }
        double[][] sums = new double[column.features()][known.size()];
        double[] rest = new double[column.features()];
        for (int c = 0; c < categories.size(); c++) {
            sums[c][c] = 1;
        }
        if (column.other()) {
            int other = categories.size();
            rest[other] = 1;
            Arrays.fill(sums[other], -1);
        }
        if (told) {
            if (!Double.isNaN(column.fill())) {
                sums[(int) column.fill()][categories.size()] = 1;
            }
            if (column.treatment().indicator() || column.treatment().missing() == Treatment.Missing.CATEGORY) {
                sums[column.features() - 1][categories.size()] = 1;
            }
        }
        String input = graph.textInput(TEXT + name);
        String oneHot = graph.oneHot("categories_%d".formatted(j), known, input);
        String flat = graph.node("Flatten", "flat_%d".formatted(j), Map.of("axis", 1), oneHot);
        String wide = graph.node("Cast", "wide_%d".formatted(j), Map.of("to", OnnxGraph.DOUBLE), flat);
        parts.add(graph.node(
                "Gemm",
                "encoded_%d".formatted(j),
                Map.of("transB", 1),
                wide,
                graph.matrix("sums_%d".formatted(j), sums, true),
                graph.vector("rest_%d".formatted(j), rest, true)));
        for (int f = 0; f < column.features(); f++) {
            places.add(first(j) + f);
        }
    }
}
