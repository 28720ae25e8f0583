package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.OnnxSource.Constant;
import io.heddle.model.OnnxSource.Input;
import io.heddle.model.OnnxSource.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Converts an ONNX graph to stages. The graph must be affine up to the class probabilities. Follows the graph's input
 * through the operators and stores their combined effect as a {@link ColumnMap}. An unsupported operator, or a
 * supported one in an unsupported place, is refused.
 */
final class OnnxLinear {
    /** Operators of scores in classifiers without probabilities, or with other ones. */
    private static final Set<String> USES_OF_SCORES =
            Set.of("ZipMap", "Concat", "ArrayFeatureExtractor", "Exp", "Clip");

    private final OnnxSource source;
    private final Map<String, Object> values = new HashMap<>();
    private ColumnMap logits;
    /** What the probabilities were computed from: the logits, or for the logistic function twice these. */
    private ColumnMap scores;

    /** Values whose largest column is a label. */
    private final List<ColumnMap> labelled = new ArrayList<>();

    private List<String> classes = List.of();

    /** Kinds of values of the graph other than a {@link ColumnMap} of its input and a {@link Constant}. */
    private enum Kind {
        /** Probabilities of all classes, which sum to 1 per row. */
        PROBABILITIES,
        /** The probability of the first of two classes. */
        FIRST,
        /** The probability of the second of two classes. */
        SECOND,
        /** The sum of a row's probabilities. */
        TOTAL,
        /** The number or name of the predicted class. */
        LABEL
    }

    /** The probability of one of more than two classes. */
    private record Column(int number) {}

    /** Returns the class of which a value is the probability, −1 if it is none. */
    private static int column(Object value) {
        if (value instanceof Column column) {
            return column.number;
        }
        return value == Kind.FIRST ? 0 : value == Kind.SECOND ? 1 : -1;
    }

    private OnnxLinear(OnnxSource source) {
        this.source = source;
    }

    /**
     * Returns the scaling before the weights, if there is any, and the classifier, which the caller closes.
     *
     * @param classes the names of the classes, if they are known; receives those of the graph unless these are numbers
     * @param notes takes sentences about digits that are lost
     */
    static List<Stage> stages(OnnxSource source, List<String> classes, Consumer<String> notes)
            throws DataFormatException {
        OnnxLinear graph = new OnnxLinear(source);
        graph.classes = List.copyOf(classes);
        graph.begin();
        for (Node node : source.nodes) {
            graph.run(node);
        }
        return graph.end(classes, notes);
    }

    private void begin() throws DataFormatException {
        for (Map.Entry<String, Constant> one : source.constants.entrySet()) {
            values.put(one.getKey(), wide(one.getValue()));
        }
        List<Input> inputs = source.inputs.stream()
                .filter(input -> !source.constants.containsKey(input.name()))
                .toList();
        if (inputs.size() != 1) {
            throw source.fault("has %d inputs; Heddle reads models with one input, a matrix", inputs.size());
        }
        long type = inputs.getFirst().type();
        if (type != 0 && !OnnxSource.isFloating(type) && !OnnxSource.isWhole(type)) {
            throw source.fault("has an input of the ONNX type %d, which Heddle does not read", type);
        }
        long columns = inputs.getFirst().columns();
        if (columns < 1) {
            throw source.fault("does not declare the number of columns of its input, which Heddle requires");
        }
        if (columns > source.bytes / Float.BYTES) {
            throw source.fault("is damaged: it is too small for the weights of %d columns", columns);
        }
        values.put(inputs.getFirst().name(), ColumnMap.identity((int) columns));
    }

    private DataFormatException unknown(Node node) {
        return source.fault(
                "uses the operator %s in a way that a linear classifier does not; Heddle reads only linear classifiers",
                node.operator());
    }

    private Object operand(Node node, int i) throws DataFormatException {
        Object value = i < node.inputs().size() ? values.get(node.inputs().get(i)) : null;
        if (value == null) {
            throw source.fault("is damaged: operand %d of an operator %s is missing", i + 1, node.operator());
        }
        return value;
    }

    private void run(Node node) throws DataFormatException {
        if (node.outputs().isEmpty()) {
            throw source.fault("is damaged: an operator %s has no output", node.operator());
        }
        if (!OnnxSource.isDefault(node.domain()) && !node.domain().equals(OnnxSource.MACHINE_LEARNING)) {
            throw source.fault(
                    "has the operator %s of the domain %s, which Heddle does not read", node.operator(), node.domain());
        }
        try {
            values.put(node.outputs().getFirst(), result(node));
        } catch (InvalidInputException e) {
            throw source.fault("cannot be read: %s", e.getMessage());
        }
    }

    private Constant wide(Constant constant) throws DataFormatException {
        if (constant.type() == OnnxSource.FLOAT16) {
            throw source.fault("has weights of float16, which Heddle reads only of networks");
        }
        return constant;
    }

    private Object result(Node node) throws DataFormatException {
        if (node.operator().equals("Constant")) {
            return wide(node.value().orElseThrow(() -> unknown(node)));
        }
        Object first = operand(node, 0);
        requireNoScores(node, first);
        return switch (node.operator()) {
            case "Identity" -> first;
            case "Sqrt" -> first instanceof Constant constant ? root(constant) : refused(node);
            case "Slice" -> first == Kind.PROBABILITIES ? column(node) : refused(node);
            case "Concat" -> joined(node, first);
            case "Cast" -> cast(node, first);
            case "Scaler" -> {
                ColumnMap x = columns(node, first);
                double[] offset = node.numbers("offset");
                yield x.plus(negative(offset)).times(node.numbers("scale"));
            }
            case "Add", "Sub", "Mul", "Div" -> arithmetic(node, first, operand(node, 1));
            case "MatMul" -> columns(node, first).through(matrix(node, operand(node, 1), false));
            case "Gemm" -> gemm(node, columns(node, first));
            case "LinearClassifier" -> linearClassifier(node, columns(node, first));
            case "Softmax" -> {
                long axis = node.integer("axis", -1);
                ColumnMap x = columns(node, first);
                yield axis == 1 || axis == -1 ? probabilities(x, x) : refused(node);
            }
            case "Sigmoid" -> {
                ColumnMap x = columns(node, first);
                Kind both = probabilities(x, ofTwo(node, x));
                yield x.width() == 1 ? Kind.SECOND : both;
            }
            case "Abs" -> first == Kind.PROBABILITIES ? first : refused(node);
            case "Normalizer" ->
                first == Kind.PROBABILITIES && node.text("norm", "MAX").equals("L1") ? first : refused(node);
            case "ReduceSum" ->
                first == Kind.PROBABILITIES && isOfEachRow(node) && node.integer("keepdims", 1) == 1
                        ? Kind.TOTAL
                        : refused(node);
            case "ZipMap" -> {
                names(node, "classlabels_int64s", "classlabels_strings");
                yield first == Kind.PROBABILITIES ? first : refused(node);
            }
            case "ArgMax" -> label(node, first);
            case "Reshape" -> first == Kind.LABEL || column(first) >= 0 ? first : refused(node);
            case "ArrayFeatureExtractor", "Gather" -> {
                if (operand(node, 1) != Kind.LABEL || !(first instanceof Constant labels)) {
                    throw unknown(node);
                }
                names(labels.wholes(), labels.texts());
                yield Kind.LABEL;
            }
            default -> throw unknown(node);
        };
    }

    /** As of support vector machines, calibrated classifiers and one against the rest. */
    private void requireNoScores(Node node, Object value) throws DataFormatException {
        if (USES_OF_SCORES.contains(node.operator()) && value instanceof ColumnMap map && map.weights() != null) {
            throw source.fault(
                    "uses scores of classes in the operator %s; Heddle reads classifiers whose probabilities "
                            + "are the Softmax of the scores, or for two classes their Sigmoid",
                    node.operator());
        }
    }

    private static Constant root(Constant c) {
        double[] roots = Arrays.stream(c.numbers()).map(Math::sqrt).toArray();
        return new Constant(c.type(), c.shape(), roots, new long[0], c.texts());
    }

    /** The probability of one class, which a Slice takes. */
    private Object column(Node node) throws DataFormatException {
        long[][] given = {
            wholes(node, 1, "starts"), wholes(node, 2, "ends"), wholes(node, 3, "axes"), wholes(node, 4, "steps")
        };
        long[] one = {1};
        boolean takesOne = given[0].length == 1
                && given[0][0] >= 0
                && given[0][0] < logits.width()
                && Arrays.equals(given[1], new long[] {given[0][0] + 1})
                && Arrays.equals(given[2], one)
                && (given[3].length == 0 || Arrays.equals(given[3], one));
        if (!takesOne) {
            throw unknown(node);
        }
        if (logits.width() == 2) {
            return given[0][0] == 0 ? Kind.FIRST : Kind.SECOND;
        }
        return new Column((int) given[0][0]);
    }

    private long[] wholes(Node node, int i, String attribute) throws DataFormatException {
        if (i >= node.inputs().size()) {
            return node.wholes(attribute);
        }
        return operand(node, i) instanceof Constant c ? c.wholes() : new long[0];
    }

    /** The probabilities of both classes side by side, or of one alone. */
    private Object joined(Node node, Object first) throws DataFormatException {
        long axis = node.integer("axis", 0);
        if (axis != 1 && axis != -1) {
            throw unknown(node);
        }
        if (node.inputs().size() == 1 && (first == Kind.SECOND || first == Kind.PROBABILITIES)) {
            return first;
        }
        boolean both = node.inputs().size() == 2 && first == Kind.FIRST && operand(node, 1) == Kind.SECOND;
        return both ? Kind.PROBABILITIES : refused(node);
    }

    private Object cast(Node node, Object value) throws DataFormatException {
        long to = node.integer("to", 0);
        boolean keeps = value instanceof Constant constant
                ? constant.fits(to)
                : value == Kind.LABEL || OnnxSource.isFloating(to);
        return keeps ? value : refused(node);
    }

    /** Whether an operator is over the second axis, given by an attribute or, from opset 13 on, an operand. */
    private boolean isOfEachRow(Node node) throws DataFormatException {
        long[] axes =
                node.inputs().size() > 1 && operand(node, 1) instanceof Constant c ? c.wholes() : node.wholes("axes");
        return axes.length == 1 && (axes[0] == 1 || axes[0] == -1);
    }

    /** The largest column of the probabilities or of what they are computed from, which {@link #end} checks. */
    private Object label(Node node, Object value) throws DataFormatException {
        long axis = node.integer("axis", 0);
        if (axis != 1 && axis != -1 || node.integer("select_last_index", 0) != 0) {
            throw unknown(node);
        }
        if (value instanceof ColumnMap map) {
            labelled.add(map);
        } else if (value != Kind.PROBABILITIES) {
            throw unknown(node);
        }
        return Kind.LABEL;
    }

    private Object refused(Node node) throws DataFormatException {
        throw unknown(node);
    }

    private static double[] negative(double[] values) {
        return Arrays.stream(values).map(v -> -v).toArray();
    }

    private ColumnMap columns(Node node, Object value) throws DataFormatException {
        if (value instanceof ColumnMap map) {
            return map;
        }
        throw unknown(node);
    }

    private Object arithmetic(Node node, Object a, Object b) throws DataFormatException {
        if (node.operator().equals("Div") && a == Kind.PROBABILITIES && b == Kind.TOTAL) {
            return a;
        }
        if (node.operator().equals("Sub")
                && b == Kind.SECOND
                && a instanceof Constant one
                && Arrays.equals(one.numbers(), new double[] {1})) {
            return Kind.FIRST;
        }
        if (a instanceof ColumnMap x && b instanceof Constant) {
            double[] v = row(node, b);
            return switch (node.operator()) {
                case "Add" -> x.plus(v);
                case "Sub" -> x.plus(negative(v));
                case "Mul" -> x.times(v);
                default -> x.times(Arrays.stream(v).map(d -> 1 / d).toArray());
            };
        }
        if (a instanceof Constant && b instanceof ColumnMap x) {
            double[] v = row(node, a);
            return switch (node.operator()) {
                case "Add" -> x.plus(v);
                case "Sub" -> x.times(new double[] {-1}).plus(v);
                case "Mul" -> x.times(v);
                default -> throw unknown(node);
            };
        }
        throw unknown(node);
    }

    /** Returns one number, or one per column. */
    private double[] row(Node node, Object value) throws DataFormatException {
        if (value instanceof Constant c
                && c.texts().isEmpty()
                && (c.shape().length < 2 || c.shape().length == 2 && c.shape()[0] == 1)) {
            return c.numbers();
        }
        throw unknown(node);
    }

    /** Returns the weights as outputs × inputs. */
    private double[][] matrix(Node node, Object value, boolean transposed) throws DataFormatException {
        if (!(value instanceof Constant c)
                || c.shape().length != 2
                || !c.texts().isEmpty()) {
            throw unknown(node);
        }
        int outputs = (int) c.shape()[transposed ? 0 : 1];
        int inputs = (int) c.shape()[transposed ? 1 : 0];
        double[][] m = new double[outputs][inputs];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                m[o][i] = c.numbers()[transposed ? o * inputs + i : i * outputs + o];
            }
        }
        return m;
    }

    private ColumnMap gemm(Node node, ColumnMap x) throws DataFormatException {
        if (node.integer("transA", 0) != 0 || node.real("alpha", 1) != 1 || node.real("beta", 1) != 1) {
            throw unknown(node);
        }
        ColumnMap product = x.through(matrix(node, operand(node, 1), node.integer("transB", 0) != 0));
        return node.inputs().size() > 2 ? product.plus(row(node, operand(node, 2))) : product;
    }

    private Object linearClassifier(Node node, ColumnMap x) throws DataFormatException {
        double[] coefficients = node.numbers("coefficients");
        names(node, "classlabels_ints", "classlabels_strings");
        int inputs = x.width();
        int outputs = coefficients.length / inputs;
        if (outputs == 0 || coefficients.length % inputs != 0) {
            throw source.fault(
                    "is damaged: %d coefficients are not a multiple of %d columns", coefficients.length, inputs);
        }
        double[][] weights = new double[outputs][];
        for (int o = 0; o < outputs; o++) {
            weights[o] = Arrays.copyOfRange(coefficients, o * inputs, (o + 1) * inputs);
        }
        ColumnMap scores = x.through(weights);
        if (node.numbers("intercepts").length > 0) {
            scores = scores.plus(node.numbers("intercepts"));
        }
        String transform = node.text("post_transform", "NONE");
        Object result =
                switch (transform) {
                    case "NONE" -> scores;
                    case "SOFTMAX" -> probabilities(scores, scores);
                    case "LOGISTIC" -> probabilities(scores, ofTwo(node, scores));
                    default ->
                        throw source.fault(
                                "computes probabilities by %s; Heddle supports softmax, and the logistic function for two classes",
                                transform);
                };
        if (node.outputs().size() > 1) {
            values.put(node.outputs().get(1), result);
        }
        labelled.add(scores);
        return Kind.LABEL;
    }

    /** For two classes, the logistic function is the softmax of ±z/2. */
    private ColumnMap ofTwo(Node node, ColumnMap scores) throws DataFormatException {
        if (scores.width() == 1) {
            return scores.through(new double[][] {{-0.5}, {0.5}});
        }
        if (scores.width() != 2 || !scores.isMirrored()) {
            throw source.fault(
                    "applies the logistic function to each of its %d classes (one-vs-rest); Heddle's classifiers use softmax",
                    scores.width());
        }
        return scores.times(new double[] {0.5});
    }

    private Kind probabilities(ColumnMap from, ColumnMap of) throws DataFormatException {
        if (logits != null) {
            throw source.fault("computes probabilities more than once; Heddle reads models with one classifier");
        }
        scores = from;
        logits = of;
        return Kind.PROBABILITIES;
    }

    private void names(Node node, String numbers, String texts) {
        names(node.wholes(numbers), node.texts(texts));
    }

    private void names(long[] numbers, List<String> texts) {
        if (!texts.isEmpty()) {
            classes = texts;
        } else if (numbers.length > 0) {
            classes = Arrays.stream(numbers).mapToObj(Long::toString).toList();
        }
    }

    private List<Stage> end(List<String> names, Consumer<String> notes) throws DataFormatException {
        boolean told = false;
        List<Integer> columns = new ArrayList<>();
        for (String output : source.outputs) {
            Object value = values.get(output);
            if (column(value) >= 0) {
                columns.add(column(value));
            } else if (value != Kind.PROBABILITIES && value != Kind.LABEL) {
                throw source.fault(
                        value instanceof ColumnMap map && map.weights() != null
                                ? "has the output \"%s\", which is scores or components; Heddle reads classifiers with probabilities"
                                : "has the output \"%s\", which is neither the labels nor the probabilities of a linear classifier",
                        output);
            }
            told |= value == Kind.PROBABILITIES;
        }
        if (!columns.isEmpty()
                && !columns.equals(IntStream.range(0, logits.width()).boxed().toList())) {
            throw source.fault(
                    "has outputs of the probabilities of single classes, but not of all classes in their order");
        }
        told |= !columns.isEmpty();
        if (!told) {
            throw source.fault("has no output of probabilities, which Heddle requires");
        }
        if (labelled.stream().anyMatch(map -> map != scores)) {
            throw source.fault("takes its labels from other numbers than the probabilities");
        }
        int count = logits.width();
        if (count < 2 || !classes.isEmpty() && classes.size() != count) {
            throw source.fault("is damaged: it has %d names for %d classes", classes.size(), count);
        }
        names.clear();
        if (!classes.equals(
                IntStream.range(0, count).mapToObj(Integer::toString).toList())) {
            names.addAll(classes);
        }
        try {
            List<Stage> stages = logits.stages();
            WeightRounding.report(logits, stages, notes);
            return stages;
        } catch (InvalidInputException e) {
            throw source.fault("cannot be read: %s", e.getMessage());
        }
    }
}
