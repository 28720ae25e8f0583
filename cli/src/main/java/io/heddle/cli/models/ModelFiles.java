package io.heddle.cli.models;

import io.heddle.cli.options.ColumnNames;
import io.heddle.cli.options.FillFlags;
import io.heddle.cli.terminal.PlainText;
import io.heddle.cluster.KMeansModel;
import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.FeatureSource;
import io.heddle.data.ImageShape;
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

/** Writes and reads model files for the commands, including the provenance and the options of reading data. */
public final class ModelFiles {
    private ModelFiles() {}

    /**
     * Returns the provenance of the training data: their hash, how they were read, and the roles of their columns. Call
     * it before the fit, so that the hash is that of the data that were read.
     */
    public static Provenance provenance(DataSource data, DataOptions options) throws IOException {
        Provenance provenance =
                TrainedImages.add(SavedReading.add(Provenance.now().withData(data.sha256()), options), data);
        return data instanceof FeatureSource
                ? provenance.withRoles(new Provenance.ColumnRoles(
                        options.label(), options.roles().id(), options.roles().weights(), options.drop()))
                : provenance;
    }

    /** Writes a model, with the preprocessor if it was fitted to a table. */
    public static void write(Path file, DataSource trained, List<Stage> stages, Provenance provenance)
            throws IOException {
        Optional<TablePreprocessor> preprocessor =
                trained instanceof FeatureSource features ? Optional.of(features.preprocessor()) : Optional.empty();
        ModelFile.write(file, preprocessor, stages, named(provenance, stages.getLast()));
    }

    /**
     * Returns the provenance with as many class names as the model has classes. The last classes of an NPZ file may
     * have no rows; a fit has no weights for them.
     */
    private static Provenance named(Provenance provenance, Stage last) {
        List<String> names = provenance.classNames();
        return last instanceof Stage.Classifier && names.size() > last.outputs()
                ? provenance.withClassNames(names.subList(0, last.outputs()))
                : provenance;
    }

    /** Returns the class names of a model, or the class numbers if there are none. */
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

    /** Returns the classifier of a model of that kind. */
    public static LogisticModel logistic(SavedModel model) {
        return ((Stage.Classifier) model.stages().getLast()).model();
    }

    /** Returns the clusters of a model of that kind. */
    public static KMeansModel kMeans(SavedModel model) {
        return ((Stage.Clusters) model.stages().getLast()).model();
    }

    /** Returns the components of a model of that kind. */
    public static PcaModel pca(SavedModel model) {
        return ((Stage.Components) model.stages().getLast()).model();
    }

    /**
     * Returns how to read data for a model: like its training data, unless the user has set options.
     *
     * @param place file of the model, for error messages
     */
    static DataOptions optionsFor(SavedModel model, DataOptions given, String place) throws IOException {
        DataOptions options = SavedReading.apply(model.provenance().options(), given, place);
        if (model.tables().isEmpty()) {
            return withoutLabelsToo(options);
        }
        Provenance.ColumnRoles saved = model.provenance().roles();
        if (given.label().isEmpty() && given.labels().isEmpty() && saved.label().isPresent()) {
            options = options.withLabel(saved.label().get());
        }
        List<String> drop = new ArrayList<>(given.drop());
        drop.addAll(saved.dropped());
        ColumnRoles roles = given.roles();
        TablePreprocessor preprocessor = model.tables().get().preprocessor();
        boolean chosen = given.label().isPresent()
                || roles.id().isPresent()
                || roles.weights().isPresent()
                || !given.drop().isEmpty();
        if (!preprocessor.named() && !chosen) {
            // The roles of the training columns are numbers of columns, which such a file may not have.
            roles = roles.withAllValues(preprocessor.inputColumns().size());
        }
        return options.withDrop(drop)
                .withRoles(roles.withId(roles.id().or(saved::id))
                        .withWeights(roles.weights().or(saved::weight))
                        .withKinds(FeatureSource.kinds(preprocessor, roles))
                        .withOptional(true));
    }

    /**
     * Returns options for a command that does not need labels: photos beside sub-folders are read without labels.
     * Columns and files that the user named are still required.
     */
    public static DataOptions withoutLabelsToo(DataOptions given) {
        boolean chosen = given.label().isPresent()
                || given.labels().isPresent()
                || given.roles().id().isPresent()
                || given.roles().weights().isPresent()
                || !given.drop().isEmpty();
        return chosen ? given : lenient(given);
    }

    /** Returns options for other data of the same kind, which may have fewer columns. */
    public static DataOptions lenient(DataOptions options) {
        return options.withRoles(options.roles().withOptional(true));
    }

    /**
     * Opens data for a model. For a model of tables, the rows are features. Reports what is ignored and what cannot be
     * checked.
     *
     * @throws InvalidInputException if the data do not have the inputs of the model
     */
    public static DataSource open(
            SavedModel model, Path file, String data, DataOptions given, FillFlags fill, PrintStream err)
            throws IOException {
        boolean means = fill.means();
        InvalidInputException.require(
                !means || model.tables().isPresent(),
                "--missing is for models of tables; %s has no means of columns",
                file);
        TrainedImages images = TrainedImages.of(model, file.toString());
        DataOptions options = images.coloured(optionsFor(model, given, file.toString()));
        DataSource source = DataSource.open(data, options, PlainText.notes(err));
        try {
            images.require(source);
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
                        "%s has no column names: those of %s are matched by their order, %s; whether they are the columns of the training data cannot be checked"
                                .formatted(file, source.name(), ColumnNames.list(source.columnNames())));
            }
            return source;
        } catch (IOException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /** @throws InvalidInputException if the data and the model have different numbers of columns */
    private static void requireColumns(SavedModel model, Path file, DataSource data) {
        InvalidInputException.require(
                data.columns() == model.pipeline().inputs(),
                "%s has %d columns, but the model %s takes %d%s",
                data.name(),
                data.columns(),
                file,
                model.pipeline().inputs(),
                channelAdvice(data, model.pipeline().inputs()));
    }

    /** Returns the probable cause if photos have the wrong number of values for an older model, without their shape. */
    private static String channelAdvice(DataSource data, int inputs) {
        if (data.images().isEmpty() || data.file(0).isEmpty()) {
            return "";
        }
        ImageShape shape = data.images().get();
        long pixels = (long) shape.width() * shape.height();
        if (shape.channels() > 1 && inputs == pixels) {
            return ": the photos are in colour; --gray converts them";
        }
        return shape.channels() == 1 && inputs == 3 * pixels
                ? ": the photos are gray, and the model probably takes colour photos; fit it again with this version"
                : "";
    }

    /**
     * Returns the true classes in the order of the model's, for the accuracy. Returns none if the data have other
     * classes and the user did not name the column of labels.
     *
     * @throws io.heddle.files.DataFormatException if the user named it
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
                        .accept("%s: no accuracy, because the labels %s are not classes of the model"
                                .formatted(data.name(), ColumnNames.list(others)));
                return Optional.empty();
            }
        }
        return Optional.of(labels.alignedTo(names, data.name()));
    }
}
