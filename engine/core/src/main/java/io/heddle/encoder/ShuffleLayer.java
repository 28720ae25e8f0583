package io.heddle.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A layer that reorders planes: the first of each group, then the second of each group, and so on. */
final class ShuffleLayer implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final PlacedPlane input;
    private final int channels;
    private final int groups;
    private final PlacedPlane output;

    /** @param channels of the input, without padding */
    ShuffleLayer(PlacedPlane input, int channels, int groups, PlacedPlane output) {
        this.input = input;
        this.channels = channels;
        this.groups = groups;
        this.output = output;
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                pixel(
                        workspace.memory,
                        input.at() + input.plane().offset(y, x),
                        output.at() + output.plane().offset(y, x));
            }
        }
    }

    private void pixel(MemorySegment memory, long from, long to) {
        int each = channels / groups;
        for (int g = 0; g < groups; g++) {
            long source = from + (long) g * each * Float.BYTES;
            for (int i = 0; i < each; i++) {
                float value = memory.get(FLOAT, source + (long) i * Float.BYTES);
                memory.set(FLOAT, to + ((long) i * groups + g) * Float.BYTES, value);
            }
        }
    }
}
