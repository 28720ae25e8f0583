package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.kernels.Simd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The layer that reads the image. With one channel a row of its kernel is a few numbers only, so for each row of output
 * the rows of input that it reads are interleaved first, and all that a pixel reads lies together.
 */
final class FirstConvolution implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ConvolutionKernels KERNELS = Simd.convolutionKernels();

    private final ConvolutionLayer layer;
    private final int inputSide;
    private final Plane output;
    private final long interleaved;
    private final long outputAt;
    private final PackedWeights packed;
    private final long weights;
    private final long biases;

    /**
     * @param interleaved byte of the workspace where {@link #scratchBytes} are free
     * @param outputAt byte of the workspace where the output lies
     */
    FirstConvolution(
            ConvolutionLayer layer,
            int inputSide,
            Plane output,
            long interleaved,
            long outputAt,
            PackedWeights packed) {
        this.layer = layer;
        this.inputSide = inputSide;
        this.output = output;
        this.interleaved = interleaved;
        this.outputAt = outputAt;
        this.packed = packed;
        weights = packed.reserve((long) layer.kernel() * layer.kernel(), output.channels());
        biases = packed.reserve(1, output.channels());
    }

    static long scratchBytes(ConvolutionLayer layer, int inputSide) {
        return ((long) inputSide + 2 * layer.padding()) * layer.kernel() * Float.BYTES;
    }

    /** Column by column of the kernel, as the interleaved rows have it. */
    void pack(float[] weight, float[] bias) {
        int kernel = layer.kernel();
        int area = kernel * kernel;
        packed.pack(
                weights,
                area,
                output.channels(),
                (k, j) -> j < layer.channels() ? weight[j * area + k % kernel * kernel + k / kernel] : 0);
        packed.pack(biases, 1, output.channels(), (k, j) -> j < layer.channels() ? bias[j] : 0);
    }

    @Override
    public void run(Workspace workspace, int image) {
        long from = workspace.imagesOffset + image * workspace.imageBytes;
        int area = layer.kernel() * layer.kernel();
        for (int y = 0; y < output.side(); y++) {
            interleave(workspace.images, from, y * layer.stride() - layer.padding(), workspace.memory);
            long panel = weights;
            for (int j = 0; j < output.channels(); j += KERNELS.panelColumns()) {
                int width = packed.width(j, output.channels());
                KERNELS.product(
                        output.side(),
                        width,
                        1,
                        area,
                        workspace.memory,
                        interleaved,
                        (long) layer.stride() * layer.kernel() * Float.BYTES,
                        0,
                        packed.memory(),
                        panel,
                        biases + (long) j * Float.BYTES,
                        workspace.memory,
                        outputAt + output.offset(y, 0) + (long) j * Float.BYTES,
                        output.pixelBytes(),
                        workspace.scratch);
                panel += (long) area * width * Float.BYTES;
            }
        }
    }

    /** The columns outside the image are zeros from the start and stay so. */
    private void interleave(MemorySegment image, long from, int top, MemorySegment to) {
        int kernel = layer.kernel();
        for (int k = 0; k < kernel; k++) {
            long at = interleaved + ((long) layer.padding() * kernel + k) * Float.BYTES;
            int row = top + k;
            if (row < 0 || row >= inputSide) {
                clear(to, at, kernel);
            } else {
                spread(image, from + (long) row * inputSide * Float.BYTES, to, at, kernel);
            }
        }
    }

    private void clear(MemorySegment to, long at, long step) {
        for (int x = 0; x < inputSide; x++) {
            to.set(FLOAT, at + x * step * Float.BYTES, 0f);
        }
    }

    private void spread(MemorySegment image, long from, MemorySegment to, long at, long step) {
        for (int x = 0; x < inputSide; x++) {
            to.set(FLOAT, at + x * step * Float.BYTES, image.get(FLOAT, from + (long) x * Float.BYTES));
        }
    }
}
