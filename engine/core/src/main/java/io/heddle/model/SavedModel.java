package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.InvalidInputException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model that was read by {@link ModelFile#read}, with the metadata of its file. Owns the model's memory.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="model-file"}
 */
public final class SavedModel implements AutoCloseable {
    /** The kind of a model. */
    public enum Kind {
        /** A {@link LogisticModel}. */
        LOGISTIC("logistic"),
        /** A {@link PcaModel}. */
        PCA("pca"),
        /** A {@link KMeansModel}. */
        K_MEANS("kmeans"),
        /** A {@link Pipeline}. */
        PIPELINE("pipeline");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** {@return the name of the kind in files} */
        public String text() {
            return text;
        }
    }

    private final Kind kind;
    /** Null if the model takes rows unchanged. */
    private final TablePipeline tables;

    private final Pipeline pipeline;
    private final Optional<TensorSet> encoder;
    private final Provenance provenance;
    private final Map<String, String> metadata;

    SavedModel(
            Kind kind,
            Pipeline pipeline,
            Optional<TensorSet> encoder,
            Provenance provenance,
            Map<String, String> metadata) {
        this(kind, null, pipeline, encoder, provenance, metadata);
    }

    SavedModel(Kind kind, TablePipeline tables, Provenance provenance, Map<String, String> metadata) {
        this(kind, tables, tables.features(), Optional.empty(), provenance, metadata);
    }

    private SavedModel(
            Kind kind,
            TablePipeline tables,
            Pipeline pipeline,
            Optional<TensorSet> encoder,
            Provenance provenance,
            Map<String, String> metadata) {
        requireClassNames(pipeline.stages(), provenance.classNames());
        this.kind = kind;
        this.tables = tables;
        this.pipeline = pipeline;
        this.encoder = encoder;
        this.provenance = provenance;
        this.metadata = Collections.unmodifiableMap(metadata);
    }

    /**
     * Checks the class names of a classifier: none, or a different one for each class. Commands look up a name by its
     * class and a class by its name.
     *
     * @throws InvalidInputException if they are not
     */
    static void requireClassNames(List<Stage> stages, List<String> names) {
        if (names.isEmpty() || !(stages.getLast() instanceof Stage.Classifier classifier)) {
            return;
        }
        require(
                names.size() == classifier.outputs(),
                "the classifier has %d classes, but %d class names",
                classifier.outputs(),
                names.size());
        Set<String> known = new HashSet<>();
        for (String name : names) {
            require(known.add(name), "the class name '%s' occurs more than once", name);
        }
    }

    /** {@return the kind of the model} */
    public Kind kind() {
        return kind;
    }

    /** {@return the origin of the model} */
    public Provenance provenance() {
        return provenance;
    }

    /** {@return the encoder whose features the model takes, if the model file contains it} */
    public Optional<TensorSet> encoder() {
        return encoder;
    }

    /** {@return the metadata of the file, in its order} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** {@return the stages; one if the model is not a pipeline} */
    public List<Stage> stages() {
        return pipeline.stages();
    }

    /**
     * {@return the model for rows of data; a single model is a pipeline of one stage}
     *
     * @throws InvalidInputException if the model takes tables, see {@link #tables()}
     */
    public Pipeline pipeline() {
        requireRows();
        return pipeline;
    }

    /** {@return the model for tables, if it has a preprocessor} */
    public Optional<TablePipeline> tables() {
        return Optional.ofNullable(tables);
    }

    /**
     * {@return the stages as one pipeline; its inputs are the features of the preprocessor if there is one, else rows
     * of data}
     */
    public Pipeline featurePipeline() {
        return pipeline;
    }

    private void requireRows() {
        if (tables != null) {
            throw new InvalidInputException(
                    "this model takes tables of named columns, not rows of floats: use tables(), or stages() for features");
        }
    }

    /**
     * {@return the classifier: the model itself, or the last stage of the pipeline}
     *
     * @throws InvalidInputException if there is none, or the model takes tables, see {@link #tables()}
     */
    public LogisticModel logistic() {
        requireRows();
        require(
                stages().getLast() instanceof Stage.Classifier,
                "this is a model of kind %s: it has no classifier",
                kind.text);
        return ((Stage.Classifier) stages().getLast()).model();
    }

    /**
     * {@return the clusters: the model itself, or the last stage of the pipeline}
     *
     * @throws InvalidInputException if there are none, or the model takes tables, see {@link #tables()}
     */
    public KMeansModel kMeans() {
        requireRows();
        require(
                stages().getLast() instanceof Stage.Clusters,
                "this is a model of kind %s: it has no clusters",
                kind.text);
        return ((Stage.Clusters) stages().getLast()).model();
    }

    /**
     * {@return the first principal components among the stages}
     *
     * @throws InvalidInputException if there are none, or the model takes tables, see {@link #tables()}
     */
    public PcaModel pca() {
        requireRows();
        for (Stage stage : stages()) {
            if (stage instanceof Stage.Components components) {
                return components.model();
            }
        }
        throw new InvalidInputException("this is a model of kind %s: it has no components".formatted(kind.text));
    }

    /** Frees the model; may be called again without effect. */
    @Override
    public void close() {
        pipeline.close();
    }
}
