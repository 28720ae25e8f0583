package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The memory of one thread while it encodes a block of images: the output of each layer, and scratch. */
final class Workspace implements AutoCloseable {
    final MemorySegment memory;
    final float[] scratch = new float[ConvolutionKernels.SCRATCH];
    final float[] means;
    final PackedPixels pixels = new PackedPixels();

    /** Number of images of the block. */
    int count;

    /** The images of the block: float32, contiguous. */
    MemorySegment images;
    /** Byte of the first image. */
    long imagesOffset;
    /** Bytes from one image to the next. */
    long imageBytes;

    // A shared arena, because different threads use the workspace one after the other.
    private final Arena arena = Arena.ofShared();

    Workspace(NetworkPlan plan) {
        try {
            memory = OffHeap.allocate(plan.workspaceBytes(), arena);
            means = new float[plan.maximumChannels()];
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
