package io.heddle.model;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.decomposition.PcaModel;
import io.heddle.files.AtomicFile;
import io.heddle.files.DataFormatException;
import io.heddle.linear.LogisticModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.TablePreprocessor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Models as ONNX files (opset {@value #OPSET}), for runtimes of other languages. The input is {@code input}, N × d
 * floats. A classifier has the outputs {@code label}, N integers of 64 bits, and {@code probabilities}, N × classes
 * floats; principal components have {@code output}, N × k floats; clusters have {@code label} and {@code distances}, N
 * × K floats. A pipeline has those of its last stage, and what it does before is folded into its weights where it can
 * be. Of a model that takes tables, {@code input} holds its columns of numbers, in their order, N × numbers doubles:
 * NaN is missing, dates are days and points in time seconds since 1970. Each column of text is an input of its own,
 * {@code text:NAME}, N × 1 texts, in which the empty one is missing. Of a model with an encoder inside, {@code input}
 * is N × 1 × S × S floats: gray images with values from 0 to 1.
 *
 * <p>Read are linear classifiers alone, such as scikit-learn's converted by skl2onnx, and those written here.
 *
 * <p>Files are written as {@link ModelFile} writes them: whole or not at all.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="onnx"}
 */
public final class OnnxFile {
    /** The operators' version in the default domain, and the only domain used. */
    public static final int OPSET = OnnxGraph.OPSET;

    private static final Map<String, Integer> TRANSPOSED = Map.of("transB", 1);

    private OnnxFile() {}

    /**
     * Writes a classifier.
     *
     * @param file is replaced if there is one already
     * @param model what to write
     * @param metadata kept in the file as its metadata properties, such as {@link SavedModel#metadata()}
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, LogisticModel model, Map<String, String> metadata) throws IOException {
        write(file, List.of(Stage.of(model)), metadata);
    }

    /**
     * As {@link #write(Path, LogisticModel, Map)}, of principal components.
     *
     * @param file is replaced if there is one already
     * @param model what to write
     * @param metadata becomes metadata properties of the file
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, PcaModel model, Map<String, String> metadata) throws IOException {
        write(file, List.of(Stage.of(model)), metadata);
    }

    /**
     * As {@link #write(Path, LogisticModel, Map)}, of clusters.
     *
     * @param file is replaced if there is one already
     * @param model what to write
     * @param metadata becomes metadata properties of the file
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, KMeansModel model, Map<String, String> metadata) throws IOException {
        write(file, List.of(Stage.of(model)), metadata);
    }

    /**
     * As {@link #write(Path, LogisticModel, Map)}, of a pipeline.
     *
     * @param file is replaced if there is one already
     * @param pipeline what to write
     * @param metadata becomes metadata properties of the file
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Pipeline pipeline, Map<String, String> metadata) throws IOException {
        write(file, pipeline.stages(), metadata);
    }

    /**
     * As {@link #write(Path, LogisticModel, Map)}, of a pipeline behind an encoder of Heddle's own, in one graph. Its
     * input is {@code input}, N × 1 × S × S floats from 0 to 1.
     *
     * @param file is replaced if there is one already
     * @param pipeline what takes the features
     * @param encoder the encoder's file, as {@code ImageEncoder.file()} gives it
     * @param metadata becomes metadata properties of the file
     * @throws io.heddle.matrix.InvalidInputException if the encoder gives another number of features than the pipeline
     *     takes
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Pipeline pipeline, TensorSet encoder, Map<String, String> metadata)
            throws IOException {
        write(file, Optional.empty(), Optional.of(encoder), pipeline.stages(), metadata);
    }

    /**
     * As {@link #write(Path, LogisticModel, Map)}, of a model that takes tables.
     *
     * @param file is replaced if there is one already
     * @param pipeline what to write
     * @param metadata becomes metadata properties of the file
     * @throws io.heddle.matrix.InvalidInputException if a column has the empty text as a category
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, TablePipeline pipeline, Map<String, String> metadata) throws IOException {
        write(
                file,
                Optional.of(pipeline.preprocessor()),
                Optional.empty(),
                pipeline.features().stages(),
                metadata);
    }

    /**
     * As {@link #write(Path, LogisticModel, Map)}, of any model with its own metadata. An encoder that was written with
     * it becomes part of the graph.
     *
     * @param file is replaced if there is one already
     * @param model what to write
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, SavedModel model) throws IOException {
        write(file, model.tables().map(TablePipeline::preprocessor), model.encoder(), model.stages(), model.metadata());
    }

    /**
     * Reads a linear classifier: scaling of columns, if there is any, weights, and probabilities by softmax or, for two
     * classes, by the logistic function. That is what skl2onnx makes of a logistic regression, be it behind a scaler,
     * and what {@link #write(Path, LogisticModel, Map)} writes. Nothing is guessed: a graph with any other operator is
     * refused.
     *
     * <p>The model's objective and certificate are NaN, for an ONNX file does not tell them. Weights are rounded to
     * float. Time O(size of the file).
     *
     * @param file an ONNX file, of 1 GB at most, with its weights in it
     * @return a classifier, or a pipeline of scaling and a classifier, which the caller closes; with what the file
     *     tells of its origin, and the names of its classes unless they are 0, 1, …
     * @throws DataFormatException if the file is none, is damaged or holds another model, in one sentence, which names
     *     it
     * @throws IOException if it cannot be read
     */
    public static SavedModel read(Path file) throws IOException {
        OnnxSource source = OnnxSource.read(file);
        Provenance provenance = provenance(source);
        List<String> classes = new ArrayList<>(provenance.classNames());
        List<Stage> stages = OnnxLinear.stages(source, classes);
        SavedModel.Kind kind = stages.size() == 1 ? SavedModel.Kind.LOGISTIC : SavedModel.Kind.PIPELINE;
        return new SavedModel(
                kind, Pipeline.of(stages), Optional.empty(), provenance.withClassNames(classes), source.metadata);
    }

    /** Of a file of Heddle's all that went into it, of another what made it. */
    private static Provenance provenance(OnnxSource source) throws DataFormatException {
        if (!ModelFile.FORMAT.equals(source.metadata.get("format"))) {
            String producer = source.producer.isEmpty() ? "onnx" : source.producer;
            return Provenance.now().withVersion(producer, source.producerVersion);
        }
        try {
            return ProvenanceText.read(source.metadata);
        } catch (ProvenanceText.SyntaxException | InvalidInputException e) {
            throw source.fault("is damaged: %s", e.getMessage());
        }
    }

    private static void write(Path file, List<Stage> stages, Map<String, String> metadata) throws IOException {
        write(file, Optional.empty(), Optional.empty(), stages, metadata);
    }

    private static void write(
            Path file,
            Optional<TablePreprocessor> preprocessor,
            Optional<TensorSet> encoder,
            List<Stage> stages,
            Map<String, String> metadata)
            throws IOException {
        OnnxGraph graph = new OnnxGraph();
        int inputs = stages.getFirst().inputs();
        String x;
        if (preprocessor.isPresent()) {
            x = OnnxPreprocessing.write(graph, preprocessor.get());
        } else if (encoder.isPresent()) {
            x = OnnxConvolutions.write(graph, encoder.get(), inputs);
        } else {
            x = graph.input("input", OnnxGraph.FLOAT, inputs);
        }
        switch (stages.getLast()) {
            case Stage.Classifier c -> classes(graph, x, Affine.of(stages, 0, stages.size()));
            case Stage.Clusters c -> clusters(graph, before(graph, x, stages), c.model());
            default -> {
                folded(graph, x, stages, 0, stages.size(), "output");
                graph.floats("output", stages.getLast().outputs());
            }
        }
        String version = metadata.getOrDefault("version.heddle", "");
        byte[] bytes = graph.toBytes(version, metadata);
        AtomicFile.write(file, channel -> {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
    }

    /**
     * In double: runtimes add up a row's long sum term by term, and in float that alone would cost two millionths of a
     * probability.
     */
    private static void classes(OnnxGraph graph, String x, Affine map) {
        String wide = graph.node("Cast", "wide", Map.of("to", OnnxGraph.DOUBLE), x);
        String weights = graph.matrix("weights", map.weights(), true);
        String biases = graph.vector("biases", map.biases(), true);
        String logits = graph.node("Gemm", "logits", TRANSPOSED, wide, weights, biases);
        graph.node("ArgMax", "label", Map.of("axis", 1, "keepdims", 0), logits);
        String softmax = graph.node("Softmax", "wide_probabilities", Map.of("axis", 1), logits);
        graph.node("Cast", "probabilities", Map.of("to", OnnxGraph.FLOAT), softmax);
        graph.labels("label");
        graph.floats("probabilities", map.biases().length);
    }

    /**
     * Stages as one product, told from the mean of the first components among them: at the far end of a long sum in
     * float, the mean would have cost a digit.
     */
    private static String folded(OnnxGraph graph, String x, List<Stage> stages, int from, int to, String output) {
        Affine map = Affine.of(stages, from, to);
        for (int i = from; i < to; i++) {
            if (stages.get(i) instanceof Stage.Components components) {
                double[] mean = doubles(components.model().mean());
                for (int before = i - 1; before >= from; before--) {
                    Stage.Scale scale = (Stage.Scale) stages.get(before);
                    for (int j = 0; j < mean.length; j++) {
                        mean[j] = scale.shift()[j] + (scale.factor()[j] == 0 ? 0 : mean[j] / scale.factor()[j]);
                    }
                }
                String name = graph.vector(output + "_mean", mean, false);
                String centred = graph.node("Sub", output + "_centred", Map.of(), x, name);
                return affine(graph, centred, map.from(mean), output);
            }
        }
        return affine(graph, x, map, output);
    }

    private static String affine(OnnxGraph graph, String x, Affine map, String output) {
        String weights = graph.matrix(output + "_weights", map.weights(), false);
        String biases = graph.vector(output + "_biases", map.biases(), false);
        return graph.node("Gemm", output, TRANSPOSED, x, weights, biases);
    }

    /** What comes before clusters: components folded with what precedes them, and scaling behind them. */
    private static String before(OnnxGraph graph, String x, List<Stage> stages) {
        String values = x;
        int from = 0;
        for (int i = 0; i < stages.size() - 1; i++) {
            if (stages.get(i) instanceof Stage.Components) {
                values = folded(graph, values, stages, from, i + 1, "components_" + i);
                from = i + 1;
            }
        }
        for (int i = from; i < stages.size() - 1; i++) {
            Stage.Scale scale = (Stage.Scale) stages.get(i);
            String shift = graph.vector("shift_" + i, doubles(scale.shift()), false);
            String factor = graph.vector("factor_" + i, doubles(scale.factor()), false);
            String shifted = graph.node("Sub", "shifted_" + i, Map.of(), values, shift);
            values = graph.node("Mul", "scaled_" + i, Map.of(), shifted, factor);
        }
        return values;
    }

    private static double[] doubles(float[] values) {
        double[] out = new double[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i];
        }
        return out;
    }

    /**
     * With m the mean of the centres and x' = x − m, c' = c − m: ‖x − c‖² = ‖x'‖² + (‖c'‖² − 2 x'·c'), of which the
     * part in brackets ranks the centres. Without m it would cancel where the data lies far from zero.
     */
    private static void clusters(OnnxGraph graph, String x, KMeansModel model) {
        FloatMatrix centroids = model.centroids();
        if (model.distance() == KMeans.Distance.COSINE) {
            directions(graph, x, centroids);
            return;
        }
        int k = (int) centroids.rows();
        int d = centroids.columns();
        double[] mean = new double[d];
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < d; j++) {
                mean[j] += centroids.get(c, j) / (double) k;
            }
        }
        double[][] weights = new double[k][d];
        double[] biases = new double[k];
        for (int j = 0; j < d; j++) {
            // As the graph will subtract it.
            mean[j] = (float) mean[j];
            for (int c = 0; c < k; c++) {
                double centred = centroids.get(c, j) - mean[j];
                weights[c][j] = -2 * centred;
                biases[c] += centred * centred;
            }
        }
        String centred = graph.node("Sub", "centred", Map.of(), x, graph.vector("mean", mean, false));
        String scores = affine(graph, centred, new Affine(weights, biases), "scores");
        graph.node("ArgMin", "label", Map.of("axis", 1, "keepdims", 0), scores);
        String squares = graph.node("ReduceSumSquare", "squares", Map.of("axes", 1, "keepdims", 1), centred);
        String sum = graph.node("Add", "squared_distances_rounded", Map.of(), scores, squares);
        String clamped = graph.node("Relu", "squared_distances", Map.of(), sum);
        graph.node("Sqrt", "distances", Map.of(), clamped);
        graph.labels("label");
        graph.floats("distances", k);
    }

    /** By the cosine: centres have unit length, and 1 − x·c / ‖x‖ is the distance. A row of zeros is at 1 from all. */
    private static void directions(OnnxGraph graph, String x, FloatMatrix centroids) {
        int k = (int) centroids.rows();
        double[][] weights = new double[k][centroids.columns()];
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < centroids.columns(); j++) {
                weights[c][j] = centroids.get(c, j);
            }
        }
        String scores = affine(graph, x, new Affine(weights, new double[k]), "scores");
        graph.node("ArgMax", "label", Map.of("axis", 1, "keepdims", 0), scores);
        String length = graph.node("ReduceL2", "length", Map.of("axes", 1, "keepdims", 1), x);
        String least = graph.vector("least", new double[] {Float.MIN_NORMAL}, false);
        String divisor = graph.node("Max", "divisor", Map.of(), length, least);
        String cosine = graph.node("Div", "cosine", Map.of(), scores, divisor);
        graph.node("Sub", "distances", Map.of(), graph.vector("one", new double[] {1}, false), cosine);
        graph.labels("label");
        graph.floats("distances", k);
    }
}
