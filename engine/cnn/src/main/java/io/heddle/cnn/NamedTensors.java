package io.heddle.cnn;

import io.heddle.files.AtomicFile;
import io.heddle.files.DataFormatException;
import io.heddle.model.TensorSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Named float32 tensors and metadata of a safetensors file, all in memory. {@link TensorSet} reads and writes the
 * format.
 *
 * @param metadata lines of text, in the order of writing
 * @param tensors the tensors by name, in the order of the file
 */
record NamedTensors(Map<String, String> metadata, Map<String, Tensor> tensors) {
    /** Number of bytes that {@link #looksLike} needs. */
    static final int START_BYTES = Long.BYTES + 1;

    /** Numbers in row-major order. */
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

    /** Returns whether a file with these first bytes can have this format. */
    static boolean looksLike(byte[] start) {
        return TensorSet.looksLike(start);
    }

    /** Returns the content of the file. */
    byte[] toBytes() {
        Map<String, TensorSet.Values> values = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> values.put(
                name,
                new TensorSet.Values(
                        Arrays.stream(tensor.shape()).asLongStream().boxed().toList(), tensor.values())));
        return TensorSet.write(metadata, values);
    }

    /** Writes the file atomically. */
    void write(Path target) throws IOException {
        AtomicFile.write(target, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(toBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * @param label name of the file in messages
     * @throws DataFormatException if the bytes are not a complete safetensors file with float32 tensors
     */
    static NamedTensors parse(byte[] bytes, String label) throws DataFormatException {
        TensorSet file = TensorSet.parse(bytes, label);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : file.names()) {
            int[] shape = file.shape(name).stream().mapToInt(Math::toIntExact).toArray();
            tensors.put(name, new Tensor(shape, file.floats(name)));
        }
        return new NamedTensors(new LinkedHashMap<>(file.metadata()), tensors);
    }
}
