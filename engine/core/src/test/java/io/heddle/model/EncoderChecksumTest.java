package io.heddle.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.files.DataFormatException;
import java.nio.charset.StandardCharsets;
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
        assertThat(TensorSet.parse(file, "whole").metadata().get("checksum")).hasSize(64);
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
        int key = new String(whole, StandardCharsets.ISO_8859_1).indexOf("\"checksum\"") + 1;
        for (int i = 0; i < whole.length; i++) {
            if (i >= key && i < key + 8) {
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
        byte[] older = text.replace("\"checksum\"", "\"checksun\"").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(TensorSet.parse(older, "older").floats("layers.0.bias")).containsExactly(1, 2);
    }
}
