package io.heddle.cli.models;

import io.heddle.cli.options.ColumnNames;
import io.heddle.cli.options.FillFlags;
import io.heddle.cli.terminal.PlainText;
import io.heddle.cluster.KMeansModel;
import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FeatureSource;
import io.heddle.data.Labels;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the commands write into model files beside the model, and how they read data for those they read. */
public final class ModelFiles {
    private ModelFiles() {}

    /**
     * Where the training data are from, how they were read and what their columns are. Asked for before the fit, so
     * that data that change meanwhile do not get the hash of others.
     */
    public static Provenance provenance(DataSource data, DataOptions options) throws IOException {
        Provenance provenance = SavedReading.add(Provenance.now().withData(data.sha256()), options);
        return data instanceof FeatureSource
                ? provenance.withRoles(new Provenance.ColumnRoles(
                        options.label(), options.roles().id(), options.roles().weights(), options.drop()))
                : provenance;
    }

    /** Writes a model with what made its features of a table, where it was fitted to one. */
    public static void write(Path file, DataSource trained, List<Stage> stages, Provenance provenance)
            throws IOException {
        Optional<TablePreprocessor> preprocessor =
                trained instanceof FeatureSource features ? Optional.of(features.preprocessor()) : Optional.empty();
        ModelFile.write(file, preprocessor, stages, provenance);
    }

    /** The names of a model's classes: those it was trained on, or their numbers. */
    public static List<String> classNames(SavedModel model) {
        List<String> names = model.provenance().classNames();
        if (!names.isEmpty()) {
            return names;
        }
        return java.util.stream.IntStream.range(0, model.featurePipeline().outputs())
                .mapToObj(Integer::toString)
                .toList();
    }

    /**
     * Reads a model of a kind.
     *
     * @throws InvalidInputException if the model is of another kind
     */
    public static SavedModel read(Path file, SavedModel.Kind kind) throws IOException {
        SavedModel model = ModelFile.read(file);
        if (model.kind() != kind) {
            String found = model.kind().text();
            model.close();
            throw new InvalidInputException("%s is a model of kind %s, not %s".formatted(file, found, kind.text()));
        }
        return model;
    }

    /** The classifier of a model of that kind. */
    public static LogisticModel logistic(SavedModel model) {
        return ((Stage.Classifier) model.stages().getLast()).model();
    }

    /** The clusters of a model of that kind. */
    public static KMeansModel kMeans(SavedModel model) {
        return ((Stage.Clusters) model.stages().getLast()).model();
    }

    /** The components of a model of that kind. */
    public static PcaModel pca(SavedModel model) {
        return ((Stage.Components) model.stages().getLast()).model();
    }

    /**
     * How to read data for a model: as its training data were read, unless the user says otherwise.
     *
     * @param place the model's file, for the error
     */
    static DataOptions optionsFor(SavedModel model, DataOptions given, String place) throws IOException {
        DataOptions options = SavedReading.apply(model.provenance().options(), given, place);
        if (model.tables().isEmpty()) {
            return options;
        }
        Provenance.ColumnRoles saved = model.provenance().roles();
        if (given.label().isEmpty() && given.labels().isEmpty() && saved.label().isPresent()) {
            options = options.withLabel(saved.label().get());
        }
        List<String> drop = new ArrayList<>(given.drop());
        drop.addAll(saved.dropped());
        ColumnRoles roles = given.roles();
        return options.withDrop(drop)
                .withRoles(roles.withId(roles.id().or(saved::id))
                        .withWeights(roles.weights().or(saved::weight))
                        .withKinds(FeatureSource.kinds(model.tables().get().preprocessor(), roles))
                        .withOptional(true));
    }

    /** Options for other data of the same kind, which may have fewer columns. */
    public static DataOptions lenient(DataOptions options) {
        return options.withRoles(options.roles().withOptional(true));
    }

    /**
     * Opens data for a model; of one that was fitted to a table, the rows are its features. Says what is ignored and
     * what cannot be checked.
     *
     * @throws InvalidInputException if the data do not have what the model takes
     */
    public static DataSource open(
            SavedModel model, Path file, String data, DataOptions given, FillFlags fill, PrintStream err)
            throws IOException {
        boolean means = fill.means();
        InvalidInputException.require(
                !means || model.tables().isPresent(),
                "--missing is for models of tables; %s holds no means of columns",
                file);
        DataSource source = DataSource.open(data, optionsFor(model, given, file.toString()), PlainText.notes(err));
        try {
            if (given.label().isPresent() && model.tables().isPresent()) {
                InvalidInputException.require(
                        source.labels().isPresent(),
                        "%s has no column '%s' with a label in each row",
                        source.name(),
                        given.label().get());
            }
            if (model.tables().isPresent()) {
                return FeatureSource.of(
                        source, model.tables().get().preprocessor(), means, "the model " + file, PlainText.notes(err));
            }
            requireColumns(model, file, source);
            if (!source.columnNames().isEmpty()) {
                err.println(
                        "%s has no names of columns: those of %s are taken in their order, %s; whether they are those that it was fitted to cannot be checked"
                                .formatted(file, source.name(), ColumnNames.list(source.columnNames())));
            }
            return source;
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /** @throws InvalidInputException if the data have another number of columns than the model takes */
    private static void requireColumns(SavedModel model, Path file, DataSource data) {
        InvalidInputException.require(
                data.columns() == model.pipeline().inputs(),
                "%s has %d columns, but the model %s takes %d",
                data.name(),
                data.columns(),
                file,
                model.pipeline().inputs());
    }

    /**
     * The true classes in the order of a model's, for the accuracy; none where the data have others and the user did
     * not name their column.
     *
     * @throws io.heddle.files.DataFormatException if the user did
     */
    public static Optional<Labels> truth(SavedModel model, DataSource data, DataOptions given, PrintStream err)
            throws IOException {
        if (data.labels().isEmpty()) {
            return Optional.empty();
        }
        List<String> names = classNames(model);
        Labels labels = data.labels().get();
        boolean asked = given.label().isPresent() || given.labels().isPresent();
        if (!asked && model.tables().isPresent()) {
            List<String> others = labels.unknownTo(names);
            if (!others.isEmpty()) {
                PlainText.notes(err)
                        .accept("%s: no accuracy, for the labels %s are no classes of the model"
                                .formatted(data.name(), ColumnNames.list(others)));
                return Optional.empty();
            }
        }
        return Optional.of(labels.alignedTo(names, data.name()));
    }
}
