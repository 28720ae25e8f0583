package io.heddle.cli.models;

import io.heddle.cli.catalogue.RowNames;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.Pipeline;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Writes predictions as lines of CSV. */
public final class Predictions {
    private final Pipeline pipeline;
    private final Stage last;
    private final List<String> names;
    private final boolean details;
    private final RowNames rowNames;
    private final LongUnaryOperator number;

    /**
     * @param details whether to add a column per class or cluster
     * @param rowNames name of each row, if they have any
     * @param number number of each row in its file
     */
    public Predictions(SavedModel model, boolean details, RowNames rowNames, LongUnaryOperator number) {
        this.rowNames = rowNames;
        this.number = number;
        this.pipeline = model.featurePipeline();
        this.last = model.stages().getLast();
        this.names = hasClasses(model) ? model.provenance().classNames() : List.of();
        this.details = details;
    }

    public static boolean hasClasses(SavedModel model) {
        return model.stages().getLast() instanceof Stage.Classifier;
    }

    public String header() {
        List<String> columns = new ArrayList<>(List.of("row"));
        if (rowNames.present()) {
            columns.add(rowNames.kind());
        }
        if (!(last instanceof Stage.Components)) {
            columns.add("label");
            if (!names.isEmpty()) {
                columns.add("class");
            }
        }
        for (int j = 0; hasNumbers() && j < pipeline.outputs(); j++) {
            columns.add(
                    switch (last) {
                        case Stage.Classifier c -> "probability " + (names.isEmpty() ? j : names.get(j));
                        case Stage.Clusters c -> "distance " + j;
                        case Stage.Neighbors n -> "distance " + (j + 1);
                        default -> "component " + (j + 1);
                    });
        }
        return String.join(",", columns.stream().map(Predictions::quoted).toList());
    }

    private boolean hasNumbers() {
        return details || last instanceof Stage.Components;
    }

    /**
     * Writes a line for each row.
     *
     * @param from number of the first row
     * @return the labels; empty for a model of components
     */
    public int[] write(FloatMatrix rows, long from, PrintStream csv) {
        int[] labels = last instanceof Stage.Components ? new int[0] : pipeline.predict(rows);
        try (FloatMatrix numbers = hasNumbers() ? numbers(rows) : FloatMatrix.allocate(0, 0)) {
            float[] values = new float[numbers.columns()];
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < rows.rows(); i++) {
                line.setLength(0);
                line.append(number.applyAsLong(from + i));
                if (rowNames.present()) {
                    line.append(',').append(quoted(rowNames.of((int) from + i)));
                }
                if (labels.length > 0) {
                    line.append(',').append(labels[i]);
                    if (!names.isEmpty()) {
                        line.append(',').append(quoted(names.get(labels[i])));
                    }
                }
                if (values.length > 0) {
                    numbers.getRow(i, values);
                    for (float v : values) {
                        line.append(',').append(v);
                    }
                }
                csv.append(line).append('\n');
            }
        }
        return labels;
    }

    private FloatMatrix numbers(FloatMatrix rows) {
        return switch (last) {
            case Stage.Classifier c -> pipeline.probabilities(rows);
            case Stage.Clusters c -> distances(rows);
            case Stage.Neighbors n -> nearest(rows);
            default -> pipeline.transform(rows);
        };
    }

    /** Computes the distances of the nearest rows, nearest first. */
    private FloatMatrix nearest(FloatMatrix rows) {
        FloatMatrix distances = FloatMatrix.allocate(rows.rows(), pipeline.outputs());
        float[] row = new float[rows.columns()];
        float[] found = new float[pipeline.outputs()];
        int[] ids = new int[found.length];
        for (long i = 0; i < rows.rows(); i++) {
            rows.getRow(i, row);
            pipeline.neighbors(row, ids, found);
            distances.setRow(i, found);
        }
        return distances;
    }

    /** Computes distances in the space of the centres. */
    private FloatMatrix distances(FloatMatrix rows) {
        Stage.Clusters clusters = (Stage.Clusters) last;
        List<Stage> before = pipeline.stages().subList(0, pipeline.stages().size() - 1);
        FloatMatrix values = rows;
        for (Stage stage : before) {
            FloatMatrix next = stage instanceof Stage.Components c
                    ? c.model().transform(values)
                    : scaled(values, (Stage.Scale) stage);
            if (values != rows) {
                values.close();
            }
            values = next;
        }
        try {
            return clusters.model().distances(values);
        } finally {
            if (values != rows) {
                values.close();
            }
        }
    }

    private static FloatMatrix scaled(FloatMatrix rows, Stage.Scale scale) {
        FloatMatrix out = FloatMatrix.allocate(rows.rows(), rows.columns());
        float[] row = new float[rows.columns()];
        for (long i = 0; i < rows.rows(); i++) {
            rows.getRow(i, row);
            for (int j = 0; j < row.length; j++) {
                row[j] = (row[j] - scale.shift()[j]) * scale.factor()[j];
            }
            out.setRow(i, row);
        }
        return out;
    }

    /** Returns a CSV field, in quotes if necessary. */
    public static String quoted(String field) {
        boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }
}
