package io.heddle.model;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.files.DataFormatException;
import io.heddle.linear.Certificate;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads and writes model files. A file holds tensors in the safetensors layout, which Python's {@code safetensors}
 * reads, and as metadata the version of the format, a checksum of the whole file and the model's {@link Provenance}.
 * {@code docs/model-format.md} describes the format.
 *
 * <p>Files are written atomically: to a temporary file that is synchronized to the disk and renamed. A file contains no
 * code.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="model-file"}
 */
public final class ModelFile {
    /** Highest version that is read. It is written for models that take tables. */
    public static final int VERSION = 2;

    /** Version for models without preprocessing, which older versions of Heddle can read. */
    private static final int WITHOUT_PREPROCESSING = 1;

    static final String FORMAT = "heddle-model";
    private static final int MAXIMUM_STAGES = 16;

    private ModelFile() {}

    /**
     * Writes a classifier.
     *
     * @param file the file; an existing one is replaced
     * @param model the model
     * @param provenance the origin of the model
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, LogisticModel model, Provenance provenance) throws IOException {
        write(file, SavedModel.Kind.LOGISTIC, List.of(Stage.of(model)), provenance);
    }

    /**
     * Writes principal components.
     *
     * @param file the file; an existing one is replaced
     * @param model the model
     * @param provenance the origin of the model
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, PcaModel model, Provenance provenance) throws IOException {
        write(file, SavedModel.Kind.PCA, List.of(Stage.of(model)), provenance);
    }

    /**
     * Writes the centres of a k-means model. The labels of the training rows are not written.
     *
     * @param file the file; an existing one is replaced
     * @param model the model
     * @param provenance the origin of the model
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, KMeansModel model, Provenance provenance) throws IOException {
        write(file, SavedModel.Kind.K_MEANS, List.of(Stage.of(model)), provenance);
    }

    /**
     * Writes a pipeline.
     *
     * @param file the file; an existing one is replaced
     * @param pipeline the model
     * @param provenance the origin of the model
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Pipeline pipeline, Provenance provenance) throws IOException {
        write(file, SavedModel.Kind.PIPELINE, pipeline.stages(), provenance);
    }

    /**
     * Writes a pipeline together with the encoder whose features it takes.
     *
     * @param file the file; an existing one is replaced
     * @param pipeline the model
     * @param encoder the encoder's file
     * @param provenance the origin of the model
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Pipeline pipeline, TensorSet encoder, Provenance provenance)
            throws IOException {
        write(file, SavedModel.Kind.PIPELINE, Optional.empty(), pipeline.stages(), Optional.of(encoder), provenance);
    }

    /**
     * Writes a model that takes tables. If there is one stage after the preprocessor, the kind is that of its model,
     * otherwise {@code pipeline}.
     *
     * @param file the file; an existing one is replaced
     * @param pipeline the model
     * @param provenance the origin of the model
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, TablePipeline pipeline, Provenance provenance) throws IOException {
        write(file, Optional.of(pipeline.preprocessor()), pipeline.features().stages(), provenance);
    }

    /**
     * Writes a preprocessor and stages that are not a pipeline yet. The caller still owns the models.
     *
     * @param file the file; an existing one is replaced
     * @param preprocessor computes the features for the first stage; empty if the first stage takes the rows unchanged
     * @param stages in order, at least one
     * @param provenance the origin of the model
     * @throws InvalidInputException if there is no stage, or the first stage takes a different number of features
     * @throws IOException if it cannot be written
     */
    public static void write(
            Path file, Optional<TablePreprocessor> preprocessor, List<Stage> stages, Provenance provenance)
            throws IOException {
        InvalidInputException.require(!stages.isEmpty(), "a model needs at least one stage");
        InvalidInputException.require(
                preprocessor.isEmpty()
                        || preprocessor.get().features() == stages.getFirst().inputs(),
                "the preprocessing and the first stage do not fit together");
        SavedModel.Kind kind =
                switch (stages.getFirst()) {
                    case Stage.Classifier c -> SavedModel.Kind.LOGISTIC;
                    case Stage.Clusters c -> SavedModel.Kind.K_MEANS;
                    case Stage.Neighbors n -> SavedModel.Kind.PIPELINE;
                    case Stage.Components c -> SavedModel.Kind.PCA;
                    case Stage.Scale s -> SavedModel.Kind.PIPELINE;
                };
        write(
                file,
                stages.size() == 1 ? kind : SavedModel.Kind.PIPELINE,
                preprocessor,
                stages,
                Optional.empty(),
                provenance);
    }

    private static void write(Path file, SavedModel.Kind kind, List<Stage> stages, Provenance provenance)
            throws IOException {
        write(file, kind, Optional.empty(), stages, Optional.empty(), provenance);
    }

    private static void write(
            Path file,
            SavedModel.Kind kind,
            Optional<TablePreprocessor> preprocessor,
            List<Stage> stages,
            Optional<TensorSet> encoder,
            Provenance provenance)
            throws IOException {
        SavedModel.requireClassNames(stages, provenance.classNames());
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("format_version", Integer.toString(preprocessor.isPresent() ? VERSION : WITHOUT_PREPROCESSING));
        metadata.put("kind", kind.text());
        List<String> names = new ArrayList<>();
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            String prefix = prefix(kind, i);
            names.add(
                    switch (stages.get(i)) {
                        case Stage.Scale s -> describe(s, prefix, tensors);
                        case Stage.Components c -> describe(c.model(), prefix, tensors, metadata);
                        case Stage.Classifier c -> describe(c.model(), prefix, tensors, metadata);
                        case Stage.Clusters c -> describe(c.model(), prefix, tensors, metadata);
                        case Stage.Neighbors n -> NeighborPart.write(n.index(), prefix, tensors, metadata);
                    });
        }
        if (preprocessor.isPresent()) {
            PreprocessingText.write(preprocessor.get(), tensors, metadata);
        } else {
            FeatureNamesText.write(stages, metadata);
        }
        encoder.ifPresent(e -> EncoderPart.write(e, tensors, metadata));
        if (kind == SavedModel.Kind.PIPELINE) {
            metadata.put("stages", String.join(",", names));
        }
        ProvenanceText.write(provenance, metadata);
        TensorFileWriter.write(file, metadata, tensors);
    }

    private static String prefix(SavedModel.Kind kind, int stage) {
        return kind == SavedModel.Kind.PIPELINE ? stage + "." : "";
    }

    private static String describe(Stage.Scale scale, String prefix, List<Tensor> tensors) {
        tensors.add(Tensor.of(prefix + "shift", scale.shift()));
        tensors.add(Tensor.of(prefix + "factor", scale.factor()));
        return "scale";
    }

    private static String describe(
            LogisticModel model, String prefix, List<Tensor> tensors, Map<String, String> metadata) {
        tensors.add(Tensor.of(prefix + "weights", model.weights()));
        tensors.add(Tensor.of(prefix + "intercepts", model.intercepts()));
        metadata.put(prefix + "objective", Double.toString(model.objective()));
        metadata.put(prefix + "certificate", model.certificate().kind().name());
        metadata.put(
                prefix + "certificate_relative",
                Double.toString(model.certificate().relative()));
        metadata.put(prefix + "converged", Boolean.toString(model.converged()));
        metadata.put(prefix + "iterations", Integer.toString(model.iterations()));
        metadata.put(prefix + "passes", Integer.toString(model.passes()));
        return SavedModel.Kind.LOGISTIC.text();
    }

    private static String describe(PcaModel model, String prefix, List<Tensor> tensors, Map<String, String> metadata) {
        tensors.add(Tensor.of(prefix + "components", model.components()));
        tensors.add(Tensor.of(prefix + "mean", model.mean()));
        tensors.add(Tensor.of(prefix + "explained_variance", model.explainedVariance()));
        tensors.add(Tensor.of(prefix + "exact_mean", model.exactMean()));
        if (model.deviations().length > 0) {
            tensors.add(Tensor.of(prefix + "deviations", model.deviations()));
        }
        metadata.put(prefix + "iterations", Integer.toString(model.iterations()));
        metadata.put(prefix + "converged", Boolean.toString(model.converged()));
        metadata.put(prefix + "total_variance", Double.toString(model.totalVariance()));
        metadata.put(prefix + "rows", Long.toString(model.rows()));
        metadata.put(prefix + "whiten", Boolean.toString(model.whitening() > 0));
        metadata.put(prefix + "whitening", Double.toString(model.whitening()));
        metadata.put(prefix + "solver", model.solver().name());
        return SavedModel.Kind.PCA.text();
    }

    private static String describe(
            KMeansModel model, String prefix, List<Tensor> tensors, Map<String, String> metadata) {
        tensors.add(Tensor.of(prefix + "centroids", model.centroids()));
        double[] weights = model.weights();
        if (weights.length > 0) {
            tensors.add(Tensor.of(prefix + "weights", weights));
        }
        metadata.put(prefix + "inertia", Double.toString(model.inertia()));
        metadata.put(prefix + "iterations", Integer.toString(model.iterations()));
        metadata.put(prefix + "converged", Boolean.toString(model.converged()));
        metadata.put(prefix + "distance", model.distance().name());
        return SavedModel.Kind.K_MEANS.text();
    }

    /**
     * Reads a model file of any kind.
     *
     * @param file a file written by this class
     * @return the model, which the caller closes
     * @throws DataFormatException if the file is cut short, was changed, has a later version or is not a model file;
     *     the message is one sentence that names the file
     * @throws IOException if it cannot be read
     */
    public static SavedModel read(Path file) throws IOException {
        List<Stage> stages = new ArrayList<>();
        try (TensorFile tensors = TensorFile.open(file, FORMAT, VERSION)) {
            SavedModel.Kind kind = kind(tensors);
            String[] names = kind == SavedModel.Kind.PIPELINE
                    ? tensors.text("stages").split(",", -1)
                    : new String[] {kind.text()};
            if (names.length > MAXIMUM_STAGES) {
                throw tensors.fault("is damaged: a pipeline of %d stages is too long", names.length);
            }
            try {
                Optional<TablePreprocessor> preprocessor = tensors.metadata().containsKey(PreprocessingText.KEY)
                        ? Optional.of(PreprocessingText.read(tensors))
                        : Optional.empty();
                List<String> features = features(tensors, preprocessor);
                for (int i = 0; i < names.length; i++) {
                    Stage stage = stage(tensors, names[i], prefix(kind, i), features);
                    stages.add(stage);
                    features = stage instanceof Stage.Scale ? features : List.of();
                }
                Provenance provenance = provenance(tensors);
                if (preprocessor.isEmpty()) {
                    Optional<TensorSet> encoder = EncoderPart.read(tensors, file.toString());
                    return new SavedModel(kind, Pipeline.of(stages), encoder, provenance, tensors.metadata());
                }
                TablePipeline pipeline = TablePipeline.of(preprocessor.get(), Pipeline.of(stages));
                return new SavedModel(kind, pipeline, provenance, tensors.metadata());
            } catch (InvalidInputException e) {
                throw tensors.fault("is damaged: %s", e.getMessage());
            }
        } catch (IOException | RuntimeException | Error e) {
            stages.forEach(ModelFile::close);
            throw e;
        }
    }

    /** Returns the names of the columns of the first stage, or none. */
    private static List<String> features(TensorFile tensors, Optional<TablePreprocessor> preprocessor)
            throws DataFormatException {
        if (preprocessor.isEmpty()) {
            return FeatureNamesText.read(tensors);
        }
        return preprocessor.get().named() ? preprocessor.get().featureNames() : List.of();
    }

    private static void close(Stage stage) {
        switch (stage) {
            case Stage.Scale s -> {}
            case Stage.Components c -> c.model().close();
            case Stage.Classifier c -> c.model().close();
            case Stage.Clusters c -> c.model().close();
            case Stage.Neighbors n -> n.index().close();
        }
    }

    private static SavedModel.Kind kind(TensorFile tensors) throws DataFormatException {
        String text = tensors.text("kind");
        for (SavedModel.Kind kind : SavedModel.Kind.values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw tensors.fault("holds a model of kind \"%s\", which this version of Heddle does not support", text);
    }

    private static Stage stage(TensorFile tensors, String name, String prefix, List<String> features)
            throws DataFormatException {
        return switch (name) {
            case "scale" -> Stage.scale(tensors.floats(prefix + "shift"), tensors.floats(prefix + "factor"));
            case "logistic" -> Stage.of(logistic(tensors, prefix, features));
            case "pca" -> Stage.of(pca(tensors, prefix, features));
            case "kmeans" -> Stage.of(kMeans(tensors, prefix, features));
            case NeighborPart.STAGE -> Stage.of(NeighborPart.read(tensors, prefix, features));
            default -> throw tensors.fault("has a stage \"%s\", which this version of Heddle does not support", name);
        };
    }

    private static LogisticModel logistic(TensorFile tensors, String prefix, List<String> features)
            throws DataFormatException {
        Certificate certificate = new Certificate(
                constant(tensors, prefix + "certificate", Certificate.Kind.class),
                tensors.number(prefix + "certificate_relative"));
        double objective = tensors.number(prefix + "objective");
        // Older files do not have this value. It is then unknown, which counts as false.
        String key = prefix + "converged";
        boolean converged = tensors.metadata().containsKey(key) && flag(tensors, key);
        int iterations = tensors.integer(prefix + "iterations");
        int passes = tensors.integer(prefix + "passes");
        float[] intercepts = tensors.floats(prefix + "intercepts");
        FloatMatrix weights = tensors.matrix(prefix + "weights");
        try {
            FloatMatrix named = FeatureNamesText.name(weights, features);
            return LogisticModel.of(named, intercepts, objective, certificate, converged, iterations, passes);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static PcaModel pca(TensorFile tensors, String prefix, List<String> features) throws DataFormatException {
        double[] mean = mean(tensors, prefix);
        double[] deviations =
                tensors.has(prefix + "deviations") ? tensors.doubles(prefix + "deviations") : new double[0];
        double[] variance = tensors.doubles(prefix + "explained_variance");
        double total = tensors.number(prefix + "total_variance");
        long rows = tensors.longInteger(prefix + "rows");
        double whitening = whitening(tensors, prefix);
        Pca.Solver solver = constant(tensors, prefix + "solver", Pca.Solver.class);
        // Files of version 1 do not have this value.
        boolean known = tensors.metadata().containsKey(prefix + "converged");
        PcaModel.Fit fit = new PcaModel.Fit(
                solver,
                known ? tensors.integer(prefix + "iterations") : 0,
                !known || flag(tensors, prefix + "converged"));
        FloatMatrix components = tensors.matrix(prefix + "components");
        try {
            FloatMatrix named = FeatureNamesText.name(components, features);
            return PcaModel.of(named, mean, deviations, variance, total, rows, whitening, fit);
        } catch (RuntimeException e) {
            components.close();
            throw e;
        }
    }

    /** Returns a tensor as double. Files of version 1 hold it as float. */
    private static double[] mean(TensorFile tensors, String prefix) throws DataFormatException {
        if (tensors.has(prefix + "exact_mean")) {
            return tensors.doubles(prefix + "exact_mean");
        }
        float[] rounded = tensors.floats(prefix + "mean");
        double[] mean = new double[rounded.length];
        for (int j = 0; j < mean.length; j++) {
            mean[j] = rounded[j];
        }
        return mean;
    }

    /** Returns the power of the whitening. Older files only have whether components have unit variance. */
    private static double whitening(TensorFile tensors, String prefix) throws DataFormatException {
        boolean whitens = flag(tensors, prefix + "whiten");
        String key = prefix + "whitening";
        if (!tensors.metadata().containsKey(key)) {
            return whitens ? 0.5 : 0;
        }
        double power = tensors.number(key);
        if (!(power >= 0 && power <= 1)) {
            throw tensors.fault("is damaged: its metadata \"%s\" is %s, not between 0 and 1", key, power);
        }
        return power;
    }

    private static KMeansModel kMeans(TensorFile tensors, String prefix, List<String> features)
            throws DataFormatException {
        double inertia = tensors.number(prefix + "inertia");
        int iterations = tensors.integer(prefix + "iterations");
        boolean converged = flag(tensors, prefix + "converged");
        // Older files do not have this value; all have this one.
        KMeans.Distance distance = tensors.metadata().containsKey(prefix + "distance")
                ? constant(tensors, prefix + "distance", KMeans.Distance.class)
                : KMeans.Distance.EUCLIDEAN;
        // Files of models that were not fitted do not have this value.
        double[] weights = tensors.has(prefix + "weights") ? tensors.doubles(prefix + "weights") : new double[0];
        FloatMatrix centroids = tensors.matrix(prefix + "centroids");
        try {
            FloatMatrix named = FeatureNamesText.name(centroids, features);
            return KMeansModel.of(named, weights, inertia, iterations, converged, distance);
        } catch (RuntimeException e) {
            centroids.close();
            throw e;
        }
    }

    private static boolean flag(TensorFile tensors, String key) throws DataFormatException {
        String text = tensors.text(key);
        if (!text.equals("true") && !text.equals("false")) {
            throw tensors.fault("is damaged: its metadata \"%s\" is neither true nor false", key);
        }
        return text.equals("true");
    }

    private static <E extends Enum<E>> E constant(TensorFile tensors, String key, Class<E> type)
            throws DataFormatException {
        String text = tensors.text(key);
        try {
            return Enum.valueOf(type, text);
        } catch (IllegalArgumentException e) {
            throw tensors.fault("is damaged: its metadata \"%s\" is \"%s\", which is not a valid value", key, text);
        }
    }

    private static Provenance provenance(TensorFile tensors) throws DataFormatException {
        try {
            return ProvenanceText.read(tensors.metadata());
        } catch (ProvenanceText.SyntaxException e) {
            throw tensors.fault("is damaged: %s", e.getMessage());
        }
    }
}
