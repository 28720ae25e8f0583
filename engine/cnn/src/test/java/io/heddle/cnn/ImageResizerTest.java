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

class ImageResizerTest {
    static List<JsonObject> references() throws IOException {
        try (var in = new InputStreamReader(
                ImageResizerTest.class.getResourceAsStream("resizes.json"), StandardCharsets.UTF_8)) {
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
            MemorySegment target = arena.allocate(ImageResizer.bytesFor(size, 3));
            new ImageResizer(width, height, 1, size, 3).resize(images, 2, target, 0);
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
    void keepsAnImageOfTheRightSizeUnchanged() {
        try (FloatMatrix images = TestImages.matrix(1, 12, 12);
                Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(ImageResizer.bytesFor(12, 3));
            new ImageResizer(12, 12, 1, 12, 3).resize(images, 0, target, 0);
            for (int i = 0; i < 144; i++) {
                assertThat(target.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isEqualTo(images.get(0, i));
            }
        }
    }

    @Test
    void keepsColoursSeparateOrMixesThemForOnePlane() {
        int width = 7;
        int height = 5;
        int size = 9;
        try (FloatMatrix planes = TestImages.matrix(3, width, height);
                FloatMatrix colour = FloatMatrix.allocate(1, 3 * width * height);
                Arena arena = Arena.ofConfined()) {
            for (int p = 0; p < width * height; p++) {
                for (int c = 0; c < 3; c++) {
                    colour.set(0, 3 * p + c, planes.get(c, p));
                }
            }
            long plane = ImageResizer.bytesFor(size, 1);
            MemorySegment found = arena.allocate(3 * plane, 4);
            MemorySegment gray = arena.allocate(plane, 4);
            MemorySegment alone = arena.allocate(3 * plane, 4);
            new ImageResizer(width, height, 3, size, 3).resize(colour, 0, found, 0);
            new ImageResizer(width, height, 3, size, 1).resize(colour, 0, gray, 0);
            for (int c = 0; c < 3; c++) {
                new ImageResizer(width, height, 1, size, 1).resize(planes, c, alone, c * plane);
            }

            assertThat(found.mismatch(alone)).as("channel by channel").isEqualTo(-1);
            for (int i = 0; i < size * size; i++) {
                float luma = 0.299f * found.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                        + 0.587f * found.getAtIndex(ValueLayout.JAVA_FLOAT, size * size + (long) i)
                        + 0.114f * found.getAtIndex(ValueLayout.JAVA_FLOAT, 2 * size * size + (long) i);
                assertThat(gray.getAtIndex(ValueLayout.JAVA_FLOAT, i)).isCloseTo(luma, within(1e-5f));
            }
        }
    }

    @Test
    void writesAtTheOffsetAndNowhereElse() {
        try (FloatMatrix images = TestImages.matrix(1, 4, 3);
                Arena arena = Arena.ofConfined()) {
            long bytes = ImageResizer.bytesFor(5, 3);
            MemorySegment target = arena.allocate(3 * bytes, 4);
            target.fill((byte) 0x7f);
            new ImageResizer(4, 3, 1, 5, 3).resize(images, 0, target, bytes);
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
