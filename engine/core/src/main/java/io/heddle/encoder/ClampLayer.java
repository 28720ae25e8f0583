package io.heddle.encoder;

import io.heddle.internal.network.Layer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A layer that limits each number, as ReLU6 does. */
final class ClampLayer implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final Layer.Clamp layer;
    private final PlacedPlane input;
    private final PlacedPlane output;

    ClampLayer(Layer.Clamp layer, PlacedPlane input, PlacedPlane output) {
        this.layer = layer;
        this.input = input;
        this.output = output;
    }

    @Override
    public void run(Workspace workspace, int image) {
        int side = output.plane().side();
        for (int y = 0; y < side; y++) {
            row(
                    workspace.memory,
                    input.at() + input.plane().offset(y, 0),
                    output.at() + output.plane().offset(y, 0),
                    side * output.plane().channels());
        }
    }

    private void row(MemorySegment memory, long from, long to, int count) {
        for (int i = 0; i < count; i++) {
            float value = memory.get(FLOAT, from + (long) i * Float.BYTES);
            memory.set(FLOAT, to + (long) i * Float.BYTES, Math.min(layer.maximum(), Math.max(layer.minimum(), value)));
        }
    }
}
