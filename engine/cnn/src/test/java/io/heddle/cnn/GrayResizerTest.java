package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GrayResizerTest {
    static List<JsonObject> references() throws IOException {
        try (var in = new InputStreamReader(
                GrayResizerTest.class.getResourceAsStream("resizes.json"), StandardCharsets.UTF_8)) {
            List<JsonObject> cases = new ArrayList<>();
            for (JsonElement e : JsonParser.parseReader(in).getAsJsonArray()) {
                cases.add(e.getAsJsonObject());
            }
            return cases;
        }
    }

    @ParameterizedTest
    @MethodSource("references")
    void equalsTorchInterpolateInEveryChannel(JsonObject reference) {
        int width = reference.get("width").getAsInt();
        int height = reference.get("height").getAsInt();
        int size = reference.get("size").getAsInt();
        int step = reference.get("step").getAsInt();
        var values = reference.get("values").getAsJsonArray();
        try (FloatMatrix images = TestImages.matrix(3, width, height);
                Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(GrayResizer.bytesFor(size, 3));
            new GrayResizer(width, height, size, 3).resize(images, 2, target, 0);
            for (int channel = 0; channel < 3; channel++) {
                for (int i = 0; i < values.size(); i++) {
                    float found =
                            target.getAtIndex(ValueLayout.JAVA_FLOAT, (long) channel * size * size + (long) i * step);
                    assertThat(found).isCloseTo(values.get(i).getAsFloat(), within(1e-6f));
                }
            }
        }
    }

    @Test
    void leavesAnImageOfTheRightSizeAsItIs() {
        try (FloatMatrix images = TestImages.matrix(1, 12, 12);
                Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(GrayResizer.bytesFor(12, 3));
            new GrayResizer(12, 12, 12, 3).resize(images, 0, target, 0);
            for (int i = 0; i < 144; i++) {
                assertThat(target.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(images.get(0, i));
            }
        }
    }

    @Test
    void writesAtTheOffsetAndNowhereElse() {
        try (FloatMatrix images = TestImages.matrix(1, 4, 3);
                Arena arena = Arena.ofConfined()) {
            long bytes = GrayResizer.bytesFor(5, 3);
            MemorySegment target = arena.allocate(3 * bytes, 4);
            target.fill((byte) 0x7f);
            new GrayResizer(4, 3, 5, 3).resize(images, 0, target, bytes);
            for (long i = 0; i < 3 * bytes; i++) {
                boolean inside = i >= bytes && i < 2 * bytes;
                if (!inside) {
                    assertThat(target.get(ValueLayout.JAVA_BYTE, i)).isEqualTo((byte) 0x7f);
                }
            }
            assertThat(target.get(ValueLayout.JAVA_FLOAT, bytes)).isEqualTo(images.get(0, 0));
        }
    }
}
