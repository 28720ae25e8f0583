package io.heddle.model;

import io.heddle.files.DataFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An encoder inside a model file. The header of the encoder's file is one line of metadata and its numbers are one
 * tensor, so reading restores a file with the same bytes and the same checksum.
 */
final class EncoderPart {
    private static final String KEY = "encoder_file";

    private EncoderPart() {}

    static void write(TensorSet encoder, List<Tensor> tensors, Map<String, String> metadata) {
        ByteBuffer file = ByteBuffer.wrap(encoder.file()).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        metadata.put(KEY, new String(header, StandardCharsets.UTF_8));
        float[] numbers = new float[file.remaining() / Float.BYTES];
        file.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(numbers);
        tensors.add(Tensor.of(KEY, numbers));
    }

    static Optional<TensorSet> read(TensorFile tensors, String label) throws DataFormatException {
        String text = tensors.metadata().get(KEY);
        if (text == null) {
            return Optional.empty();
        }
        byte[] header = text.getBytes(StandardCharsets.UTF_8);
        float[] numbers = tensors.floats(KEY);
        ByteBuffer file = ByteBuffer.allocate(
                        Math.addExact(Long.BYTES + header.length, Math.multiplyExact(numbers.length, Float.BYTES)))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        file.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(numbers);
        return Optional.of(TensorSet.parse(file.array(), label));
    }
}
