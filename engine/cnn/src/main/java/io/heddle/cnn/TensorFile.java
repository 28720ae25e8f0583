package io.heddle.cnn;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.heddle.files.AtomicFile;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named float32 tensors and lines of text in one file of the safetensors format: the length of a header, the header in
 * JSON, the numbers. Unlike TorchScript it holds no code, so a file from anywhere may be opened.
 *
 * @param metadata what the file says about itself, in the order of writing
 * @param tensors the tensors by name, in the order of the file
 */
record TensorFile(Map<String, String> metadata, Map<String, Tensor> tensors) {
    private static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = Long.BYTES;
    /** Bytes by which a file of this format is known. */
    static final int START_BYTES = LENGTH_BYTES + 1;

    private static final int HEADER_ALIGNMENT = 8;
    private static final int LONGEST_HEADER = 1 << 20;
    private static final Gson GSON = new GsonBuilder()
            .setStrictness(Strictness.STRICT)
            .disableHtmlEscaping()
            .create();

    /** Numbers in the order of the shape's last index first. */
    record Tensor(int[] shape, float[] values) {
        Tensor {
            if (elements(shape) != values.length) {
                throw new IllegalArgumentException("a tensor's values do not fill its shape");
            }
        }

        private static long elements(int[] shape) {
            long product = 1;
            for (int d : shape) {
                product *= d;
            }
            return product;
        }
    }

    /** Whether these first bytes of a file can be those of this format: a length and a brace. */
    static boolean looksLike(byte[] start) {
        return start.length > LENGTH_BYTES
                && start[LENGTH_BYTES] == '{'
                && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(0) >= 2
                && ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong(0) <= LONGEST_HEADER;
    }

    /** The whole file. */
    byte[] toBytes() {
        JsonObject header = new JsonObject();
        JsonObject about = new JsonObject();
        metadata.forEach(about::addProperty);
        header.add(METADATA, about);
        long end = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            JsonObject place = new JsonObject();
            place.addProperty("dtype", "F32");
            place.add("shape", GSON.toJsonTree(tensor.shape()));
            JsonArray offsets = new JsonArray();
            offsets.add(end);
            end += (long) tensor.values().length * Float.BYTES;
            offsets.add(end);
            place.add("data_offsets", offsets);
            header.add(entry.getKey(), place);
        }
        byte[] json = GSON.toJson(header).getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(json.length, HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
        ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(LENGTH_BYTES + padded + end))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(padded).put(json);
        for (int i = json.length; i < padded; i++) {
            file.put((byte) ' ');
        }
        for (Tensor tensor : tensors.values()) {
            file.asFloatBuffer().put(tensor.values());
            file.position(file.position() + tensor.values().length * Float.BYTES);
        }
        return file.array();
    }

    /** Writes the file so that it is whole or as it was before, whatever happens on the way. */
    void write(Path target) throws IOException {
        AtomicFile.write(target, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(toBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * @param label what to call the file in a message
     * @throws DataFormatException if the bytes are not a whole file of this format with float32 tensors
     */
    static TensorFile parse(byte[] bytes, String label) throws IOException {
        if (!looksLike(bytes)) {
            throw new DataFormatException("%s is not a safetensors file".formatted(label));
        }
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) file.getLong();
        if (length > file.remaining()) {
            throw new DataFormatException("%s is cut short: it ends after %d of %d bytes of its header"
                    .formatted(label, file.remaining(), length));
        }
        JsonObject header;
        try {
            header = GSON.fromJson(
                    new String(bytes, LENGTH_BYTES, length, StandardCharsets.UTF_8).strip(), JsonObject.class);
        } catch (JsonParseException e) {
            throw new DataFormatException("the header of %s is not JSON".formatted(label), e);
        }
        file.position(LENGTH_BYTES + length);
        return read(header, file.slice().order(ByteOrder.LITTLE_ENDIAN), label);
    }

    private static TensorFile read(JsonObject header, ByteBuffer data, String label) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        long values = 0;
        try {
            for (Map.Entry<String, JsonElement> entry : header.entrySet()) {
                JsonObject object = entry.getValue().getAsJsonObject();
                if (entry.getKey().equals(METADATA)) {
                    object.entrySet()
                            .forEach(e -> metadata.put(e.getKey(), e.getValue().getAsString()));
                } else {
                    Tensor tensor = tensor(entry.getKey(), object, data, label);
                    values += tensor.values().length;
                    // Tensors that share bytes would take more memory than the file has.
                    if (values * Float.BYTES > data.limit()) {
                        throw new DataFormatException(
                                "the tensors of %s overlap: up to %s they are longer than the %d bytes of all"
                                        .formatted(label, entry.getKey(), data.limit()));
                    }
                    tensors.put(entry.getKey(), tensor);
                }
            }
        } catch (IllegalStateException
                | ClassCastException
                | NullPointerException
                | NumberFormatException
                | UnsupportedOperationException
                | ArithmeticException
                | IndexOutOfBoundsException e) {
            throw new DataFormatException("the header of %s is not that of a safetensors file".formatted(label), e);
        }
        return new TensorFile(metadata, tensors);
    }

    private static Tensor tensor(String name, JsonObject place, ByteBuffer data, String label) throws IOException {
        String type = place.get("dtype").getAsString();
        if (!type.equals("F32")) {
            throw new DataFormatException("the tensor %s of %s is %s, not F32".formatted(name, label, type));
        }
        JsonArray dimensions = place.getAsJsonArray("shape");
        int[] shape = new int[dimensions.size()];
        long elements = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dimensions.get(i).getAsInt();
            elements = shape[i] < 0 ? -1 : Math.multiplyExact(elements, shape[i]);
            if (elements < 0 || elements > Integer.MAX_VALUE) {
                throw new DataFormatException(
                        "the tensor %s of %s has the shape %s".formatted(name, label, dimensions));
            }
        }
        long from = place.getAsJsonArray("data_offsets").get(0).getAsLong();
        long to = place.getAsJsonArray("data_offsets").get(1).getAsLong();
        if (from < 0 || to < from || to - from != elements * Float.BYTES) {
            throw new DataFormatException("the tensor %s of %s has %s numbers in the bytes %d to %d"
                    .formatted(name, label, elements, from, to));
        }
        if (to > data.limit()) {
            throw new DataFormatException(
                    "%s is cut short: the tensor %s ends at byte %d of %d".formatted(label, name, to, data.limit()));
        }
        float[] values = new float[(int) elements];
        data.slice((int) from, (int) (to - from))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new Tensor(shape, values);
    }
}
