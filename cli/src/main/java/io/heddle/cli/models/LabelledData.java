package io.heddle.cli.models;

import io.heddle.cli.options.ColumnFlags;
import io.heddle.cli.options.FillFlags;
import io.heddle.cli.terminal.Activity;
import io.heddle.cli.terminal.PlainText;
import io.heddle.data.ClassSizes;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.SavedModel;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Rows with labels. Rows of a table are its features. Bytes of a mapped file are not converted to floats.
 *
 * @param source source of the rows
 * @param rows the rows
 * @param labels labels of the rows, if there are any
 */
public record LabelledData(DataSource source, DataMatrix rows, Optional<Labels> labels) implements AutoCloseable {
    /** Rows of the largest class from which on a class of one row is odd. */
    private static final int ORDINARY = 10;

    /** Opens training data and reports progress; tables become features, see {@link ColumnFlags}. */
    public static DataSource open(
            String data,
            DataOptions options,
            ColumnFlags columns,
            TablePreprocessor.Options preprocessing,
            PrintStream err)
            throws IOException {
        DataSource source;
        try (Activity activity = Activity.start(err, "Reading " + data)) {
            source = DataSource.open(data, columns.reading(options), PlainText.notes(err));
        }
        return columns.features(source, preprocessing, err);
    }

    /** Opens and reads training data. */
    public static LabelledData read(String data, DataOptions options, ColumnFlags columns, PrintStream err)
            throws IOException {
        return read(data, options, columns, TablePreprocessor.Options.defaults(), err);
    }

    /** Opens and reads training data, with tables converted by a preprocessor. */
    public static LabelledData read(
            String data,
            DataOptions options,
            ColumnFlags columns,
            TablePreprocessor.Options preprocessing,
            PrintStream err)
            throws IOException {
        return read(open(data, options, columns, preprocessing, err), data, err);
    }

    /** Opens and reads test data of the same kind as the training data. */
    LabelledData readLike(String data, DataOptions options, PrintStream err) throws IOException {
        TrainedImages images = new TrainedImages(source.images(), "the model");
        DataOptions reading = images.coloured(source.likewise(ModelFiles.lenient(options)));
        DataSource held = DataSource.open(data, reading, PlainText.notes(err));
        try {
            images.require(held);
            held = source.likewise(held, PlainText.notes(err));
        } catch (IOException | RuntimeException | Error e) {
            held.close();
            throw e;
        }
        return read(held, data, err);
    }

    /** Opens and reads data for a model. */
    public static LabelledData forModel(
            SavedModel model, Path file, String data, DataOptions given, FillFlags fill, PrintStream err)
            throws IOException {
        return read(ModelFiles.open(model, file, data, given, fill, err), data, err);
    }

    private static LabelledData read(DataSource source, String data, PrintStream err) throws IOException {
        try (Activity activity = Activity.start(err, "Reading " + data)) {
            return new LabelledData(source, source.matrix(), source.labels());
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /**
     * Returns the labels, which a classifier needs.
     *
     * @throws InvalidInputException if there are none
     */
    Labels requireLabels() {
        return labels.orElseThrow(() -> new InvalidInputException(
                "%s has no labels: name their column with --label or a file of them with --labels"
                        .formatted(source.name())));
    }

    /**
     * Returns the labels for training a classifier.
     *
     * @param weights weight of each row, or null
     * @throws InvalidInputException if there are none, or all rows with a weight are of one class
     */
    public Labels requireClasses(double[] weights) {
        Labels known = requireLabels();
        int[] used = IntStream.range(0, known.rows())
                .filter(i -> weights == null || weights[i] > 0)
                .map(i -> known.values()[i])
                .distinct()
                .toArray();
        InvalidInputException.require(
                used.length > 0, "%s: the weights of all rows are 0, so there is no training row", source.name());
        InvalidInputException.require(
                used.length > 1,
                "%s: all rows%s are of the class '%s'; a classifier needs at least two classes",
                source.name(),
                weights == null ? "" : " with a weight above 0",
                known.classNames().get(used[0]));
        return known;
    }

    /**
     * As {@link #requireClasses(double[])}, with a note about classes of one row, such as the last line of totals of a
     * CSV file. Tables of few rows have none.
     */
    public Labels requireClasses(double[] weights, PrintStream err) {
        Labels known = requireClasses(weights);
        ClassSizes sizes = ClassSizes.of(known);
        long single = Arrays.stream(sizes.rows()).filter(size -> size == 1).count();
        if (single > 0 && Arrays.stream(sizes.rows()).max().orElse(0) >= ORDINARY) {
            err.println(PlainText.of("%s: %d class%s one row, which may be no class, such as a last line of totals: %s"
                    .formatted(source.name(), single, single == 1 ? " has" : "es have", sizes.below(2))));
        }
        return known;
    }

    /** Runs a fit. In error messages, the number of a column is replaced by its name. */
    public <T> T naming(Supplier<T> fit) {
        try {
            return fit.get();
        } catch (InvalidInputException e) {
            throw e.named(source.columnNames());
        }
    }

    /** Returns the labels in the order of a model's classes. */
    Labels alignedLabels(List<String> classNames) throws IOException {
        return requireLabels().alignedTo(classNames, source.name());
    }

    @Override
    public void close() {
        rows.close();
        source.close();
    }
}
