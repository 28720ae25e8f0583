package io.heddle.encoder;

import io.heddle.internal.kernels.ConvolutionKernels;
import io.heddle.internal.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What one thread needs while it encodes a block of images: the output of each layer, and scratch. */
final class Workspace implements AutoCloseable {
    final MemorySegment memory;
    final float[] scratch = new float[ConvolutionKernels.SCRATCH];
    final float[] means;

    /** Images of the block. */
    int count;

    /** The images of the block: float32, one behind the other. */
    MemorySegment images;
    /** Byte of the first of them. */
    long imagesOffset;
    /** Bytes from one to the next. */
    long imageBytes;

    // Shared, although one thread uses it at a time: which one that is changes.
    private final Arena arena = Arena.ofShared();

    Workspace(NetworkPlan plan) {
        try {
            memory = OffHeap.allocate(plan.workspaceBytes(), arena);
            means = new float[plan.mostChannels()];
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
