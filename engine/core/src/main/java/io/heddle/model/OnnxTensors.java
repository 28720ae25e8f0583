package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.model.OnnxSource.Constant;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the tensors of an ONNX file: weights and other constants. */
final class OnnxTensors {
    /** More dimensions than any runtime supports. */
    private static final int MAXIMUM_DIMENSIONS = 64;

    /**
     * Types whose lists of numbers hold the values: floats, whole numbers of up to 16 bits, which are lists of 32 bits,
     * booleans and texts too. Lists of float16 and shorter types hold patterns of bits.
     */
    private static final Set<Integer> STORED_AS_NUMBERS = Set.of(
            OnnxSource.FLOAT,
            2,
            3,
            4,
            5,
            OnnxSource.INT32,
            OnnxSource.INT64,
            OnnxSource.TEXT,
            OnnxSource.BOOL,
            OnnxSource.DOUBLE);

    private final ProtobufReader reader;
    private final OnnxExternalData external;

    /** @param reader of the whole file, for messages */
    OnnxTensors(ProtobufReader reader, OnnxExternalData external) {
        this.reader = reader;
        this.external = external;
    }

    /** @param name receives the name of the tensor */
    Constant read(ProtobufReader message, String[] name) throws IOException {
        NumberList shape = new NumberList();
        NumberList numbers = new NumberList();
        List<String> texts = new ArrayList<>();
        ByteBuffer raw = null;
        long type = 0;
        Map<String, String> place = new HashMap<>();
        while (message.next()) {
            switch (message.field()) {
                case 1 -> message.integers(shape);
                case 2 -> type = message.integer();
                case 4 -> message.floats(numbers);
                case 5, 7 -> message.integers(numbers);
                case 6 -> texts.add(message.text());
                case 8 -> name[0] = message.text();
                case 9 -> raw = message.blob();
                case 10 -> message.doubles(numbers);
                case 13 -> OnnxExternalData.entry(message.message(), place);
                default -> {}
            }
        }
        double[] dimensions = shape.toArray();
        if (dimensions.length > MAXIMUM_DIMENSIONS) {
            throw reader.fault("has a tensor of %d dimensions", dimensions.length);
        }
        long[] sizes = new long[dimensions.length];
        double count = 1;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (long) dimensions[i];
            count *= sizes[i];
        }
        if (!place.isEmpty()) {
            raw = external.read(place, count * bytesOf(type));
        }
        if (raw == null && type == OnnxSource.FLOAT16) {
            numbers = halves(numbers);
        } else if (raw == null && !STORED_AS_NUMBERS.contains((int) type)) {
            throw notRead(type);
        }
        if (raw != null) {
            raw(raw.order(ByteOrder.LITTLE_ENDIAN), type, numbers);
        }
        if (count != (type == OnnxSource.TEXT ? texts.size() : numbers.size())) {
            throw reader.fault(
                    "is damaged: a tensor of %2$.0f values holds %1$d",
                    type == OnnxSource.TEXT ? texts.size() : numbers.size(), count);
        }
        return new Constant(type, sizes, numbers.toArray(), numbers.wholes(), texts);
    }

    private DataFormatException notRead(long type) {
        return reader.fault("has weights of the ONNX type %d, which Heddle does not read", type);
    }

    private int bytesOf(long type) throws DataFormatException {
        return switch ((int) type) {
            case OnnxSource.BOOL -> Byte.BYTES;
            case OnnxSource.FLOAT16 -> Short.BYTES;
            case OnnxSource.FLOAT, OnnxSource.INT32 -> Integer.BYTES;
            case OnnxSource.DOUBLE, OnnxSource.INT64 -> Long.BYTES;
            default -> throw notRead(type);
        };
    }

    private void raw(ByteBuffer raw, long type, NumberList to) throws DataFormatException {
        int size = bytesOf(type);
        if (raw.remaining() % size != 0) {
            throw reader.fault("is damaged: %d bytes are not a list of numbers of %d bytes", raw.remaining(), size);
        }
        to.reserve(raw.remaining() / size);
        while (raw.hasRemaining()) {
            switch ((int) type) {
                case OnnxSource.FLOAT -> to.add(raw.getFloat());
                case OnnxSource.FLOAT16 -> to.add(Float.float16ToFloat(raw.getShort()));
                case OnnxSource.DOUBLE -> to.add(raw.getDouble());
                case OnnxSource.INT32 -> to.add((long) raw.getInt());
                case OnnxSource.BOOL -> to.add(raw.get() == 0 ? 0L : 1L);
                default -> to.add(raw.getLong());
            }
        }
    }

    /** The numbers of patterns of bits. */
    private NumberList halves(NumberList patterns) throws DataFormatException {
        NumberList numbers = new NumberList();
        for (double pattern : patterns.toArray()) {
            if (pattern < 0 || pattern > 0xffff) {
                throw reader.fault("is damaged: a float16 has the bits %.0f", pattern);
            }
            numbers.add(Float.float16ToFloat((short) (int) pattern));
        }
        return numbers;
    }
}
