package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import java.lang.foreign.ValueLayout;

/**
 * Means of the planes of a layer over a grid of windows. With two windows, a side of n pixels is divided into [0,
 * ⌈n/2⌉) and [⌊n/2⌋, n).
 */
final class WindowPooling implements Step {
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final Plane plane;
    private final int channels;
    private final int grid;
    private final long planeAt;
    private final long featuresAt;
    private final long featureBytes;

    /**
     * @param channels planes, without padding
     * @param grid windows per side
     * @param planeAt byte of the workspace where the layer's output begins
     * @param featuresAt byte of the workspace for the means of the first image, plane by plane
     * @param featureBytes from the features of one image to those of the next
     */
    WindowPooling(Plane plane, int channels, int grid, long planeAt, long featuresAt, long featureBytes) {
        this.plane = plane;
        this.channels = channels;
        this.grid = grid;
        this.planeAt = planeAt;
        this.featuresAt = featuresAt;
        this.featureBytes = featureBytes;
    }

    private int from(int window) {
        return window * plane.side() / grid;
    }

    private int size(int window) {
        return Math.ceilDiv((window + 1) * plane.side(), grid) - from(window);
    }

    @Override
    public void run(Workspace workspace, int image) {
        int windows = grid * grid;
        for (int w = 0; w < windows; w++) {
            int row = w / grid;
            int column = w % grid;
            KERNELS.windowMeans(
                    workspace.memory,
                    planeAt + plane.offset(from(row), from(column)),
                    plane.rowBytes(),
                    plane.pixelBytes(),
                    size(row),
                    size(column),
                    plane.channels(),
                    workspace.means);
            long to = featuresAt + image * featureBytes + (long) w * Float.BYTES;
            for (int c = 0; c < channels; c++) {
                workspace.memory.set(ValueLayout.JAVA_FLOAT, to + (long) c * windows * Float.BYTES, workspace.means[c]);
            }
        }
    }
}
