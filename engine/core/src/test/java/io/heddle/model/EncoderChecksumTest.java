package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.files.DataFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that a changed weight of an encoder's file is noticed. */
class EncoderChecksumTest {
    private static final Map<String, TensorSet.Values> TENSORS = new LinkedHashMap<>();

    static {
        TENSORS.put("layers.0.weight", new TensorSet.Values(List.of(2L, 1L, 3L, 3L), new float[18]));
        TENSORS.put("layers.0.bias", new TensorSet.Values(List.of(2L), new float[] {1, 2}));
    }

    private static byte[] encoder() {
        return TensorSet.write(Map.of("format", "heddle-encoder-1", "layers", "2@3", "inputSize", "8"), TENSORS);
    }

    @Test
    void aWholeFileIsRead() throws DataFormatException {
        byte[] file = encoder();
        assertThat(TensorSet.parse(file, "whole").metadata().get(EncoderChecksum.KEY))
                .hasSize(64);
        try (ImageEncoder encoder = ImageEncoder.parse(file, "whole", FeaturePooling.MEAN)) {
            float[] features = new float[2];
            encoder.encode(new byte[64], features);
            assertThat(features).containsExactly(1, 2);
        }
    }

    /** Bytes of the header, of the digits and of the weights. Without its key, the file has no checksum. */
    @Test
    void aChangedByteIsRefused() {
        byte[] whole = encoder();
        int key = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\"" + EncoderChecksum.KEY + "\"") + 1;
        for (int i = 0; i < whole.length; i++) {
            if (i >= key && i < key + EncoderChecksum.KEY.length()) {
                continue;
            }
            byte[] changed = whole.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> ImageEncoder.parse(changed, "changed", FeaturePooling.MEAN)
                            .close())
                    .as("byte %d", i)
                    .isInstanceOf(DataFormatException.class);
        }
        byte[] changed = whole.clone();
        changed[whole.length - 1] ^= 64;
        assertThatThrownBy(() -> TensorSet.parse(changed, "x.safetensors"))
                .hasMessage("x.safetensors does not match its checksum: it was changed or damaged after it had been "
                        + "written");
    }

    /** Encoders of older versions have no checksum, and other files may use the key for something else. */
    @Test
    void filesWithoutItAreRead() throws DataFormatException {
        byte[] other = TensorSet.write(Map.of("format", "pt", "checksum", "none"), TENSORS);
        assertThat(TensorSet.parse(other, "other").metadata()).containsEntry("checksum", "none");
        String text = new String(encoder(), StandardCharsets.ISO_8859_1);
        byte[] older = text.replace("contentChecksum", "contentChecksun").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(TensorSet.parse(older, "older").floats("layers.0.bias")).containsExactly(1, 2);
    }

    private static byte[] file(String header, ByteBuffer data) {
        byte[] head = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + head.length + data.capacity())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(head.length)
                .put(head)
                .put(data.array())
                .array();
    }

    /** As Python's safetensors and json write it. */
    @Test
    void anotherProgramMayRewriteTheHeader() throws DataFormatException {
        String checksum = TensorSet.parse(encoder(), "own").metadata().get(EncoderChecksum.KEY);
        ByteBuffer data = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN);
        data.putFloat(0, 1).putFloat(4, 2);
        String header = """
                { "layers.0.bias": {"shape": [2], "data_offsets": [0, 8], "dtype": "F32"},
                  "__metadata__": {"layers": "2\\u00403", "contentChecksum": "%s", "inputSize": "8", "format": "heddle-encoder-1"},
                  "layers.0.weight": {"dtype": "F32", "data_offsets": [8, 80], "shape": [2, 1, 3, 3]} }""".formatted(checksum);
        assertThat(TensorSet.parse(file(header, data), "rewritten").floats("layers.0.bias"))
                .containsExactly(1, 2);

        for (String changed : List.of(
                header.replace("[2, 1, 3, 3]", "[1, 2, 3, 3]"),
                header.replace("\"8\"", "\"9\""),
                header.replace("[0, 8]", "[8, 16]"),
                header.replace("\"inputSize\"", "\"size\""),
                header.replace("\"inputSize\"", "\"more\": \"\", \"inputSize\""))) {
            assertThatThrownBy(() -> TensorSet.parse(file(changed, data), "changed"))
                    .as(changed)
                    .hasMessageContaining("changed does not match its checksum");
        }
    }

    /** A file of an older version. */
    @Test
    void theChecksumOfAWholeFileIsChecked() throws DataFormatException {
        String header = """
                {"__metadata__":{"format":"heddle-encoder-1","checksum":"%s"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        ByteBuffer data = ByteBuffer.allocate(4);
        byte[] zeros = file(header.formatted(TensorFile.NO_CHECKSUM), data);
        String checksum = HexFormat.of().formatHex(TensorFile.sha256().digest(zeros));
        byte[] older = file(header.formatted(checksum), data);
        assertThat(TensorSet.parse(older, "older").floats("a")).containsExactly(0);
        older[older.length - 1] ^= 64;
        assertThatThrownBy(() -> TensorSet.parse(older, "older")).hasMessageContaining("does not match its checksum");
    }
}
