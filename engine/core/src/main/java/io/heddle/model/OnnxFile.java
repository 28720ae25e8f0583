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
import java.util.function.Consumer;

/**
 * Writes models as ONNX files (opset {@value #OPSET}), and reads linear classifiers and convolutional networks from
 * them. The input is {@code input}, N × d floats. A classifier has the outputs {@code label}, N integers of 64 bits,
 * and {@code probabilities}, N × classes floats. Principal components have {@code output}, N × k floats. Clusters have
 * {@code label} and {@code distances}, N × K floats. A pipeline has the outputs of its last stage; earlier stages are
 * folded into its weights where possible.
 *
 * <p>The input of a model that takes tables is {@code input}, N × numbers doubles, with the numeric columns in their
 * order. NaN is a missing value, dates are days and timestamps seconds since 1970. Each column of text is a separate
 * input {@code text:NAME}, N × 1 strings; the empty string is a missing value. The input of a model with an encoder
 * inside is N × C × S × S floats: images with values from 0 to 1; gray images have one channel.
 *
 * <p>Only linear classifiers are read, for example those of scikit-learn after conversion by skl2onnx, and those
 * written by this class.
 *
 * <p>Files are written atomically, as by {@link ModelFile}.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="onnx"}
 */
public final class OnnxFile {
    /** Version of the operators in the default domain. */
    public static final int OPSET = OnnxGraph.OPSET;

    private static final Map<String, Integer> TRANSPOSED = Map.of("transB", 1);

    private OnnxFile() {}

    /**
     * Writes a classifier.
     *
     * @param file the file; an existing one is replaced
     * @param model the model
     * @param metadata written as metadata properties, for example {@link SavedModel#metadata()}
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, LogisticModel model, Map<String, String> metadata) throws IOException {
        write(file, List.of(Stage.of(model)), metadata);
    }

    /**
     * Writes principal components.
     *
     * @param file the file; an existing one is replaced
     * @param model the model
     * @param metadata written as metadata properties
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, PcaModel model, Map<String, String> metadata) throws IOException {
        write(file, List.of(Stage.of(model)), metadata);
    }

    /**
     * Writes a k-means model.
     *
     * @param file the file; an existing one is replaced
     * @param model the model
     * @param metadata written as metadata properties
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, KMeansModel model, Map<String, String> metadata) throws IOException {
        write(file, List.of(Stage.of(model)), metadata);
    }

    /**
     * Writes a pipeline.
     *
     * @param file the file; an existing one is replaced
     * @param pipeline the model
     * @param metadata written as metadata properties
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Pipeline pipeline, Map<String, String> metadata) throws IOException {
        write(file, pipeline.stages(), metadata);
    }

    /**
     * Writes a Heddle encoder and the pipeline that takes its features as one graph. The input is {@code input}, N × 1
     * × S × S floats from 0 to 1.
     *
     * @param file the file; an existing one is replaced
     * @param pipeline takes the features
     * @param encoder the encoder's file, see {@code ImageEncoder.file()}
     * @param metadata written as metadata properties
     * @throws io.heddle.matrix.InvalidInputException if the encoder does not have the number of features that the
     *     pipeline takes
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, Pipeline pipeline, TensorSet encoder, Map<String, String> metadata)
            throws IOException {
        write(file, Optional.empty(), Optional.of(encoder), pipeline.stages(), metadata);
    }

    /**
     * Writes a model that takes tables.
     *
     * @param file the file; an existing one is replaced
     * @param pipeline the model
     * @param metadata written as metadata properties
     * @throws io.heddle.matrix.InvalidInputException if a column has the empty string as a category
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
     * Writes a model of any kind with its metadata. If the model file contains an encoder, it becomes a part of the
     * graph.
     *
     * @param file the file; an existing one is replaced
     * @param model the model
     * @throws IOException if it cannot be written
     */
    public static void write(Path file, SavedModel model) throws IOException {
        write(file, model.tables().map(TablePipeline::preprocessor), model.encoder(), model.stages(), model.metadata());
    }

    /**
     * Reads a classifier of rows or of images.
     *
     * <p>A graph whose input is a matrix is a linear classifier: optional scaling of the columns, weights, and
     * probabilities by softmax or, for two classes, by the logistic function. These are the graphs that skl2onnx writes
     * for a logistic regression with or without a scaler, and those of {@link #write(Path, LogisticModel, Map)}.
     *
     * <p>A graph whose input is N × C × S × S is a convolutional network that ends in a linear layer, with or without
     * Softmax. The layers before it become the encoder inside the model, and it becomes the classifier. The method
     * reads Conv, BatchNormalization, Relu, Clip, Sigmoid, HardSwish, HardSigmoid, LeakyRelu, MaxPool, AveragePool,
     * GlobalAveragePool, Concat, Split, Flatten, Gemm, Add and Mul of two values, Pad, channel shuffles, and the
     * operators that PyTorch's exporters write around these. Weights may be in files beside the graph.
     *
     * <p>A graph with any other operator is refused.
     *
     * <p>The model's objective and certificate are NaN, because ONNX files do not contain them. Weights are rounded to
     * float; only {@link #read(Path, Optional, Consumer)} reports whether this may change probabilities noticeably.
     * Time O(size of the file).
     *
     * @param file an ONNX file, of at most 1 GB
     * @return a classifier, or a pipeline of scaling and a classifier, which the caller closes; with the origin that
     *     the file states, and the names of the classes unless they are 0, 1, …; for a network also the encoder
     * @throws DataFormatException if the file is not an ONNX file, is damaged or holds another kind of model; the
     *     message is one sentence that names the file
     * @throws IOException if it cannot be read
     */
    public static SavedModel read(Path file) throws IOException {
        return read(file, Optional.empty());
    }

    /**
     * As {@link #read(Path)}, of a network whose program scaled the pixels before the network saw them.
     *
     * @param file see there
     * @param scaling scaling of pixels from 0 to 1 before the network; empty if there is none
     * @return as there
     * @throws DataFormatException as there, and if pixels are scaled for a model that is not a network
     * @throws InvalidInputException if the scaling has another number of channels
     * @throws IOException if the file cannot be read
     */
    public static SavedModel read(Path file, Optional<ImageScaling> scaling) throws IOException {
        return read(file, scaling, note -> {});
    }

    /**
     * As {@link #read(Path, Optional)}, with notes about digits that are lost.
     *
     * @param file see there
     * @param scaling see there
     * @param notes takes a sentence if the rounding of weights to float may change probabilities noticeably
     * @return as there
     * @throws DataFormatException as there
     * @throws InvalidInputException as there
     * @throws IOException if the file cannot be read
     */
    public static SavedModel read(Path file, Optional<ImageScaling> scaling, Consumer<String> notes)
            throws IOException {
        OnnxSource source = OnnxSource.read(file);
        Provenance provenance = provenance(source);
        if (OnnxNetwork.takesImages(source)) {
            OnnxNetwork.Parts parts = OnnxNetwork.read(source, scaling.stream().toList(), false);
            Pipeline pipeline = classifier(source, parts.head());
            Optional<TensorSet> encoder = Optional.of(parts.encoder());
            return saved(source, SavedModel.Kind.PIPELINE, pipeline, encoder, provenance);
        }
        if (scaling.isPresent()) {
            throw source.fault("takes no images, whose pixels could be scaled");
        }
        List<String> classes = new ArrayList<>(provenance.classNames());
        List<Stage> stages = OnnxLinear.stages(source, classes, notes);
        SavedModel.Kind kind = stages.size() == 1 ? SavedModel.Kind.LOGISTIC : SavedModel.Kind.PIPELINE;
        return saved(source, kind, Pipeline.of(stages), Optional.empty(), provenance.withClassNames(classes));
    }

    private static Pipeline classifier(OnnxSource source, NetworkBuilder.Head head) throws DataFormatException {
        try {
            return Pipeline.of(Stage.of(ImportedClassifier.of(head.weights(), head.biases())));
        } catch (InvalidInputException e) {
            throw source.fault("cannot be read: %s", e.getMessage());
        }
    }

    private static SavedModel saved(
            OnnxSource source,
            SavedModel.Kind kind,
            Pipeline pipeline,
            Optional<TensorSet> encoder,
            Provenance provenance)
            throws DataFormatException {
        try {
            return new SavedModel(kind, pipeline, encoder, provenance, source.metadata);
        } catch (InvalidInputException e) {
            pipeline.close();
            throw source.fault("is damaged: %s", e.getMessage());
        }
    }

    /**
     * Reads a network as an encoder: the numbers of its last layer are the features, plane by plane.
     *
     * @param file see {@link #read(Path)}
     * @param scaling see {@link #read(Path, Optional)}
     * @return the encoder's file, which {@code ImageEncoder.of} opens
     * @throws DataFormatException as {@link #read(Path)}, and if the file holds no network
     * @throws InvalidInputException if the scaling has another number of channels
     * @throws IOException if the file cannot be read
     */
    public static TensorSet readEncoder(Path file, Optional<ImageScaling> scaling) throws IOException {
        OnnxSource source = OnnxSource.read(file);
        if (!OnnxNetwork.takesImages(source)) {
            throw source.fault("holds no network of images: its input is not N x channels x height x width");
        }
        return OnnxNetwork.read(source, scaling.stream().toList(), true).encoder();
    }

    /** Returns the provenance of a file of Heddle, or the producer of another file. */
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
            x = OnnxLayers.areIn(encoder.get())
                    ? OnnxLayers.write(graph, encoder.get(), inputs)
                    : OnnxConvolutions.write(graph, encoder.get(), inputs);
        } else {
            x = graph.input("input", OnnxGraph.FLOAT, inputs);
        }
        switch (stages.getLast()) {
            case Stage.Classifier c -> classes(graph, x, stages, FarColumns.origin(stages));
            case Stage.Clusters c -> {
                // In float, the product with a factor would round the digits in which the rows differ.
                float[] origin = FarColumns.origin(stages);
                boolean far = stages.size() > 1 && origin.length > 0 && FarColumns.onlyScaled(stages);
                boolean wide = far || FarColumns.needDoubles(stages, origin);
                String rows = wide ? graph.node("Cast", "wide", Map.of("to", OnnxGraph.DOUBLE), x) : x;
                clusters(graph, before(graph, rows, stages, wide), c.model(), wide);
            }
            case Stage.Neighbors n ->
                throw new InvalidInputException("a pipeline that ends in nearest neighbours cannot be written as ONNX");
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
     * Uses double, because runtimes add the terms of a row one by one. In float, the rounding error of a probability
     * would be up to 2e-6.
     */
    private static void classes(OnnxGraph graph, String x, List<Stage> stages, float[] origin) {
        String wide = graph.node("Cast", "wide", Map.of("to", OnnxGraph.DOUBLE), x);
        Affine map;
        if (origin.length > 0) {
            // A program that rounds the weights to float, as Heddle does when it reads them, would lose digits.
            double[] subtracted = doubles(origin);
            wide = graph.node("Sub", "centred", Map.of(), wide, graph.vector("origin", subtracted, true));
            map = Affine.of(stages, 0, stages.size()).from(subtracted);
        } else if (FarColumns.needDoubles(stages, origin) && scalesEachColumn(stages)) {
            // For the same reason: scaling and weights are floats, but their products are not.
            wide = before(graph, wide, stages, true);
            map = Affine.of(stages, stages.size() - 1, stages.size());
        } else {
            map = Affine.of(stages, 0, stages.size());
        }
        String weights = graph.matrix("weights", map.weights(), true);
        String biases = graph.vector("biases", map.biases(), true);
        String logits = graph.node("Gemm", "logits", TRANSPOSED, wide, weights, biases);
        graph.node("ArgMax", "label", Map.of("axis", 1, "keepdims", 0), logits);
        String softmax = graph.node("Softmax", "wide_probabilities", Map.of("axis", 1), logits);
        graph.node("Cast", "probabilities", Map.of("to", OnnxGraph.FLOAT), softmax);
        graph.labels("label");
        graph.floats("probabilities", map.biases().length);
    }

    /** Returns whether no factor is zero. Heddle reads only scaling that can be inverted. */
    private static boolean scalesEachColumn(List<Stage> stages) {
        for (Stage stage : stages) {
            if (stage instanceof Stage.Scale scale) {
                for (float factor : scale.factor()) {
                    if (factor == 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /**
     * Writes stages as one product of x − mean, with the mean of the first components among them. Subtracting the mean
     * after a long float sum would lose a digit.
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
        return affine(graph, x, map, output, false);
    }

    private static String affine(OnnxGraph graph, String x, Affine map, String output, boolean wide) {
        String weights = graph.matrix(output + "_weights", map.weights(), wide);
        String biases = graph.vector(output + "_biases", map.biases(), wide);
        return graph.node("Gemm", output, TRANSPOSED, x, weights, biases);
    }

    /**
     * Writes the stages before the last one: components folded with the stages before them, then scaling.
     *
     * @param wide whether the values are doubles; not with components
     */
    private static String before(OnnxGraph graph, String x, List<Stage> stages, boolean wide) {
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
            String shift = graph.vector("shift_" + i, doubles(scale.shift()), wide);
            String factor = graph.vector("factor_" + i, doubles(scale.factor()), wide);
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
     * With m the mean of the centres and x' = x − m, c' = c − m: ‖x − c‖² = ‖x'‖² + (‖c'‖² − 2 x'·c'), where the term
     * in brackets ranks the centres. Without m this term would cancel for data far from zero.
     */
    private static void clusters(OnnxGraph graph, String x, KMeansModel model, boolean wide) {
        FloatMatrix centroids = model.centroids();
        if (model.distance() == KMeans.Distance.COSINE) {
            directions(graph, x, centroids, wide);
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
            // Rounded as in the graph, which subtracts it.
            mean[j] = (float) mean[j];
            for (int c = 0; c < k; c++) {
                double centred = centroids.get(c, j) - mean[j];
                weights[c][j] = -2 * centred;
                biases[c] += centred * centred;
            }
        }
        String centred = graph.node("Sub", "centred", Map.of(), x, graph.vector("mean", mean, wide));
        String scores = affine(graph, centred, new Affine(weights, biases), "scores", wide);
        graph.node("ArgMin", "label", Map.of("axis", 1, "keepdims", 0), scores);
        String squares = graph.node("ReduceSumSquare", "squares", Map.of("axes", 1, "keepdims", 1), centred);
        String sum = graph.node("Add", "squared_distances_rounded", Map.of(), scores, squares);
        String clamped = graph.node("Relu", "squared_distances", Map.of(), sum);
        String distances = graph.node("Sqrt", wide ? "wide_distances" : "distances", Map.of(), clamped);
        narrowed(graph, distances, wide);
        graph.labels("label");
        graph.floats("distances", k);
    }

    private static void narrowed(OnnxGraph graph, String distances, boolean wide) {
        if (wide) {
            graph.node("Cast", "distances", Map.of("to", OnnxGraph.FLOAT), distances);
        }
    }

    /**
     * Writes clusters with cosine distance 1 − x·c / ‖x‖, where the centres have unit length. The distance of a row of
     * zeros to all centres is 1.
     */
    private static void directions(OnnxGraph graph, String x, FloatMatrix centroids, boolean wide) {
        int k = (int) centroids.rows();
        double[][] weights = new double[k][centroids.columns()];
        for (int c = 0; c < k; c++) {
            for (int j = 0; j < centroids.columns(); j++) {
                weights[c][j] = centroids.get(c, j);
            }
        }
        String scores = affine(graph, x, new Affine(weights, new double[k]), "scores", wide);
        graph.node("ArgMax", "label", Map.of("axis", 1, "keepdims", 0), scores);
        String length = graph.node("ReduceL2", "length", Map.of("axes", 1, "keepdims", 1), x);
        String minimum = graph.vector("least", new double[] {Float.MIN_NORMAL}, wide);
        String divisor = graph.node("Max", "divisor", Map.of(), length, minimum);
        String cosine = graph.node("Div", "cosine", Map.of(), scores, divisor);
        String one = graph.vector("one", new double[] {1}, wide);
        narrowed(graph, graph.node("Sub", wide ? "wide_distances" : "distances", Map.of(), one, cosine), wide);
        graph.labels("label");
        graph.floats("distances", k);
    }
}
