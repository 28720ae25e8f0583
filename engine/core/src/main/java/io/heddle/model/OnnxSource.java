package io.heddle.model;

import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the parts of an ONNX file that linear models and convolutional networks use. Field numbers are those of
 * {@code onnx.proto3}.
 */
final class OnnxSource {
    /** Maximum size of a file. A linear model with 1000 classes and 50,000 features has 200 MB. */
    private static final long MAXIMUM_BYTES = 1L << 30;

    static final int FLOAT = 1;
    static final int INT32 = 6;
    static final int INT64 = 7;
    static final int TEXT = 8;
    static final int BOOL = 9;
    static final int FLOAT16 = 10;
    static final int DOUBLE = 11;
    /** Domain of operators such as LinearClassifier. */
    static final String MACHINE_LEARNING = "ai.onnx.ml";

    /** The version that ONNX 1.23 writes. */
    private static final int NEWEST_FORM = 14;

    private static final int OLDEST_OPSET = 7;
    private static final int NEWEST_OPSET = 28;
    private static final int NEWEST_LEARNING_OPSET = 5;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;

    private static final Set<Integer> WHOLE = Set.of(2, 3, 4, 5, INT32, INT64, 12, 13);

    /** An operator of the graph. */
    record Node(
            String operator,
            String domain,
            List<String> inputs,
            List<String> outputs,
            Map<String, Attribute> attributes) {
        /** Returns an integer attribute. */
        long integer(String name, long otherwise) {
            Attribute attribute = attributes.get(name);
            return attribute == null || attribute.numbers.length == 0 ? otherwise : (long) attribute.numbers[0];
        }

        String text(String name, String otherwise) {
            Attribute attribute = attributes.get(name);
            return attribute == null || attribute.texts.isEmpty() ? otherwise : attribute.texts.getFirst();
        }

        /** Returns a real attribute. */
        double real(String name, double otherwise) {
            Attribute attribute = attributes.get(name);
            return attribute == null || attribute.numbers.length == 0 ? otherwise : attribute.numbers[0];
        }

        double[] numbers(String name) {
            Attribute attribute = attributes.get(name);
            return attribute == null ? new double[0] : attribute.numbers;
        }

        long[] wholes(String name) {
            Attribute attribute = attributes.get(name);
            return attribute == null ? new long[0] : attribute.wholes;
        }

        List<String> texts(String name) {
            Attribute attribute = attributes.get(name);
            return attribute == null ? List.of() : attribute.texts;
        }

        /** Returns the value of an operator Constant: a tensor, one number or a list of numbers; empty for others. */
        Optional<Constant> value() {
            for (String name : List.of("value", "value_float", "value_int", "value_floats", "value_ints")) {
                Attribute attribute = attributes.get(name);
                if (attribute != null) {
                    return Optional.ofNullable(name.equals("value") ? attribute.constant : attribute.tensor(name));
                }
            }
            return Optional.empty();
        }
    }

    /** An attribute of an operator: numbers, strings or a constant. */
    record Attribute(double[] numbers, long[] wholes, List<String> texts, Constant constant) {
        private Constant tensor(String name) {
            boolean list = name.endsWith("s");
            long[] shape = list ? new long[] {numbers.length} : new long[0];
            long type = name.contains("float") ? FLOAT : INT64;
            return list || numbers.length == 1 ? new Constant(type, shape, numbers, wholes, List.of()) : null;
        }
    }

    /**
     * A tensor in the file: numbers or strings, row by row.
     *
     * @param type of ONNX
     * @param wholes empty unless all are whole numbers of 64 bits
     */
    record Constant(long type, long[] shape, double[] numbers, long[] wholes, List<String> texts) {
        /** The numbers of constants of one type, one constant behind the other. */
        static Constant joined(List<Constant> all) {
            double[] numbers =
                    all.stream().flatMapToDouble(c -> Arrays.stream(c.numbers)).toArray();
            long[] wholes =
                    all.stream().flatMapToLong(c -> Arrays.stream(c.wholes)).toArray();
            return new Constant(all.getFirst().type, new long[] {numbers.length}, numbers, wholes, List.of());
        }

        /** The numbers at some places. */
        Constant at(long[] newShape, int[] places) {
            double[] some = Arrays.stream(places).mapToDouble(p -> numbers[p]).toArray();
            long[] someWholes = Arrays.stream(wholes.length == 0 ? new int[0] : places)
                    .mapToLong(p -> wholes[p])
                    .toArray();
            return new Constant(type, newShape, some, someWholes, texts);
        }

        /** Returns whether conversion to an ONNX type keeps the values, apart from the rounding to float. */
        boolean fits(long type) {
            return switch ((int) type) {
                case FLOAT, DOUBLE -> texts.isEmpty();
                case INT32, INT64 -> texts.isEmpty() && Arrays.stream(numbers).allMatch(v -> v == Math.rint(v));
                case TEXT -> numbers.length == 0;
                default -> false;
            };
        }
    }

    /** Returns whether an ONNX type is that of whole numbers. */
    static boolean isWhole(long type) {
        return WHOLE.contains((int) type);
    }

    /** Returns whether an ONNX type is that of floating numbers with the range of float. */
    static boolean isFloating(long type) {
        return type == FLOAT || type == DOUBLE;
    }

    /**
     * An input of the graph.
     *
     * @param type of its values, 0 if the file does not declare it
     * @param shape its dimensions, −1 for each that the file does not declare
     */
    record Input(String name, long type, long[] shape) {
        /** Returns the number of columns of a matrix, −1 if the file does not declare it. */
        long columns() {
            return shape.length == 2 ? shape[1] : -1;
        }
    }

    private final ProtobufReader reader;
    final long bytes;
    final List<Node> nodes = new ArrayList<>();
    final Map<String, Constant> constants = new HashMap<>();
    final List<Input> inputs = new ArrayList<>();
    final List<String> outputs = new ArrayList<>();
    final Map<String, String> metadata = new LinkedHashMap<>();
    private final OnnxTensors tensors;
    /** Version of the operators of the default domain, 0 if the file does not state it. */
    long opset;

    /** Version of the operators of the domain {@value #MACHINE_LEARNING}, 0 if the file does not state it. */
    private long learningOpset;

    String producer = "";
    String producerVersion = "";

    private OnnxSource(ProtobufReader reader, long bytes, OnnxTensors tensors) {
        this.reader = reader;
        this.bytes = bytes;
        this.tensors = tensors;
    }

    static OnnxSource read(Path file) throws IOException {
        ByteBuffer bytes;
        if (Files.isDirectory(file)) {
            throw new DataFormatException("%s is a folder, not an ONNX file".formatted(file));
        }
        // Opening a pipe would block until another process writes to it.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new DataFormatException("%s is a pipe or a device; copy it into a file first".formatted(file));
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size == 0 || size > MAXIMUM_BYTES) {
                throw new DataFormatException(
                        "%s is not an ONNX file that Heddle reads: it has %d bytes".formatted(file, size));
            }
            bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // Reads until the buffer is full.
            }
        } catch (NoSuchFileException e) {
            throw new DataFormatException("%s does not exist".formatted(file), e);
        }
        ProtobufReader reader = new ProtobufReader(file.toString(), bytes.flip());
        OnnxSource source =
                new OnnxSource(reader, bytes.limit(), new OnnxTensors(reader, new OnnxExternalData(file, reader)));
        source.model();
        return source;
    }

    /** Returns the file's name, for messages. */
    String label() {
        return reader.label();
    }

    /** Returns an exception whose message starts with the name of the file. */
    DataFormatException fault(String format, Object... arguments) {
        return reader.fault(format, arguments);
    }

    private void model() throws IOException {
        boolean found = false;
        long form = 0;
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> form = reader.integer();
                case 2 -> producer = reader.text();
                case 3 -> producerVersion = reader.text();
                case 7 -> {
                    graph(reader.message());
                    found = true;
                }
                case 8 -> operators(reader.message());
                case 14 -> {
                    String[] entry = {"", ""};
                    ProtobufReader message = reader.message();
                    while (message.next()) {
                        if (message.field() <= 2) {
                            entry[message.field() - 1] = message.text();
                        }
                    }
                    metadata.put(entry[0], entry[1]);
                }
                default -> {}
            }
        }
        if (!found) {
            throw fault("is not an ONNX file: it has no graph");
        }
        if (form > NEWEST_FORM) {
            throw fault("is of version %d of the ONNX format; Heddle reads versions up to %d", form, NEWEST_FORM);
        }
        for (Node node : nodes) {
            if (isDefault(node.domain())) {
                requireVersion("", opset, OLDEST_OPSET, NEWEST_OPSET);
            } else if (node.domain().equals(MACHINE_LEARNING)) {
                requireVersion(" of " + MACHINE_LEARNING, learningOpset, 1, NEWEST_LEARNING_OPSET);
            }
        }
    }

    /**
     * Before the oldest opset, operators broadcast in another way. A newer one may change what an operator computes.
     */
    private void requireVersion(String domain, long version, int oldest, int newest) throws DataFormatException {
        if (version < oldest || version > newest) {
            throw version == 0
                    ? fault("is damaged: it does not state the opset of its operators" + domain)
                    : fault("is of opset %d%s; Heddle reads opset %d to %d", version, domain, oldest, newest);
        }
    }

    private void operators(ProtobufReader message) throws DataFormatException {
        String domain = "";
        long version = 0;
        while (message.next()) {
            if (message.field() == 1) {
                domain = message.text();
            } else if (message.field() == 2) {
                version = message.integer();
            }
        }
        if (isDefault(domain)) {
            opset = version;
        } else if (domain.equals(MACHINE_LEARNING)) {
            learningOpset = version;
        }
    }

    /** Returns whether a domain is that of the standard operators. */
    static boolean isDefault(String domain) {
        return domain.isEmpty() || domain.equals("ai.onnx");
    }

    private void graph(ProtobufReader graph) throws IOException {
        while (graph.next()) {
            switch (graph.field()) {
                case 1 -> nodes.add(node(graph.message()));
                case 5 -> {
                    String[] name = {""};
                    Constant constant = tensors.read(graph.message(), name);
                    constants.put(name[0], constant);
                }
                case 11 -> inputs.add(input(graph.message()));
                case 12 -> outputs.add(input(graph.message()).name());
                default -> {}
            }
        }
    }

    private Node node(ProtobufReader message) throws IOException {
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        String operator = "";
        String domain = "";
        Map<String, Attribute> attributes = new HashMap<>();
        while (message.next()) {
            switch (message.field()) {
                case 1 -> in.add(message.text());
                case 2 -> out.add(message.text());
                case 4 -> operator = message.text();
                case 5 -> attribute(message.message(), attributes);
                case 7 -> domain = message.text();
                default -> {}
            }
        }
        return new Node(operator, domain, in, out, attributes);
    }

    private void attribute(ProtobufReader message, Map<String, Attribute> to) throws IOException {
        String name = "";
        NumberList numbers = new NumberList();
        List<String> texts = new ArrayList<>();
        Constant constant = null;
        long type = 0;
        while (message.next()) {
            switch (message.field()) {
                case 1 -> name = message.text();
                case 20 -> type = message.integer();
                case 2, 7 -> message.floats(numbers);
                case 3, 8 -> message.integers(numbers);
                case 4, 9 -> texts.add(message.text());
                case 5 -> constant = tensors.read(message.message(), new String[1]);
                default -> {}
            }
        }
        // Programs that write by the rules of proto3 leave out a number that is zero.
        if (numbers.size() == 0 && type == ATTRIBUTE_FLOAT) {
            numbers.add(0.0);
        } else if (numbers.size() == 0 && type == ATTRIBUTE_INT) {
            numbers.add(0L);
        }
        to.put(name, new Attribute(numbers.toArray(), numbers.wholes(), texts, constant));
    }

    private Input input(ProtobufReader message) throws DataFormatException {
        String name = "";
        Input input = new Input(name, 0, new long[0]);
        while (message.next()) {
            if (message.field() == 1) {
                name = message.text();
            } else if (message.field() == 2) {
                input = tensor(message.message());
            }
        }
        return new Input(name, input.type(), input.shape());
    }

    private static Input tensor(ProtobufReader message) throws DataFormatException {
        NumberList shape = new NumberList();
        long type = 0;
        while (message.next()) {
            if (message.field() != 1) {
                continue;
            }
            ProtobufReader tensor = message.message();
            while (tensor.next()) {
                if (tensor.field() == 1) {
                    type = tensor.integer();
                } else if (tensor.field() == 2) {
                    ProtobufReader dimensions = tensor.message();
                    while (dimensions.next()) {
                        shape.add(dimension(dimensions.message()));
                    }
                }
            }
        }
        return new Input("", type, shape.wholes());
    }

    private static long dimension(ProtobufReader message) throws DataFormatException {
        long size = -1;
        while (message.next()) {
            if (message.field() == 1) {
                size = message.integer();
            }
        }
        return size;
    }
}
