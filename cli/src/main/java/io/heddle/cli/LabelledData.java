package io.heddle.cli;

import io.heddle.cli.data.DataOptions;
import io.heddle.cli.data.DataSource;
import io.heddle.cli.data.Labels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * Rows in memory with the class of each.
 *
 * @param source where they come from
 * @param rows of values
 * @param labels of the rows, where there are any
 */
record LabelledData(DataSource source, FloatMatrix rows, Optional<Labels> labels) implements AutoCloseable {
    /** Opens and reads data, telling how long it takes. */
    static LabelledData read(String data, DataOptions options, PrintStream err) throws IOException {
        try (Activity activity = Activity.start(err, "Reading " + data)) {
            DataSource source = DataSource.open(data, options, err::println);
            try {
                return new LabelledData(source, source.read(), source.labels());
            } catch (IOException | RuntimeException | Error e) {
                source.close();
                throw e;
            }
        }
    }

    /** Opens data whose rows are taken where they lie, telling how long it takes. */
    static DataSource open(String data, DataOptions options, PrintStream err) throws IOException {
        try (Activity activity = Activity.start(err, "Reading " + data)) {
            return DataSource.open(data, options, err::println);
        }
    }

    /**
     * The labels, without which a classifier cannot be trained.
     *
     * @throws InvalidInputException if there are none
     */
    Labels requireLabels() {
        return labels.orElseThrow(() -> new InvalidInputException(
                "%s has no labels: name their column with --label or a file of them with --labels"
                        .formatted(source.name())));
    }

    /** The labels in the order of a model's classes. */
    Labels alignedLabels(List<String> classNames) throws IOException {
        return requireLabels().alignedTo(classNames, source.name());
    }

    @Override
    public void close() {
        rows.close();
        source.close();
    }
}
