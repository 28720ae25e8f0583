package io.heddle.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies the output of the last layer as features, plane by plane, each in rows. */
final class FlattenedFeatures implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final Plane plane;
    private final int channels;
    private final long planeAt;
    private final long featuresAt;
    private final long featureBytes;

    /**
     * @param channels planes, without padding
     * @param planeAt byte of the workspace where the layer's output begins
     * @param featuresAt byte of the workspace for the features of the first image
     * @param featureBytes from the features of one image to those of the next
     */
    FlattenedFeatures(Plane plane, int channels, long planeAt, long featuresAt, long featureBytes) {
        this.plane = plane;
        this.channels = channels;
        this.planeAt = planeAt;
        this.featuresAt = featuresAt;
        this.featureBytes = featureBytes;
    }

    @Override
    public void run(Workspace workspace, int image) {
        MemorySegment memory = workspace.memory;
        long to = featuresAt + image * featureBytes;
        int pixels = plane.side() * plane.side();
        for (int p = 0; p < pixels; p++) {
            long from = planeAt + plane.offset(p / plane.side(), p % plane.side());
            for (int c = 0; c < channels; c++) {
                float value = memory.get(FLOAT, from + (long) c * Float.BYTES);
                memory.set(FLOAT, to + ((long) c * pixels + p) * Float.BYTES, value);
            }
        }
    }
}
