package io.heddle.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A part of a layer that copies planes: into some channels of its output, or into the middle of larger planes. */
final class CopyLayer implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final PlacedPlane input;
    private final int channels;
    private final PlacedPlane output;
    private final int firstChannel;
    private final int top;
    private final int left;
    private final float border;

    /**
     * @param channels of the input, without padding
     * @param firstChannel of the output
     * @param top row of the output where the input begins
     * @param left column of the output where the input begins
     * @param border number of the other pixels of the output; not written if it is zero, as all memory is at first
     */
    CopyLayer(PlacedPlane input, int channels, PlacedPlane output, int firstChannel, int top, int left, float border) {
        this.input = input;
        this.channels = channels;
        this.output = output;
        this.firstChannel = firstChannel;
        this.top = top;
        this.left = left;
        this.border = border;
    }

    @Override
    public void run(Workspace workspace, int image) {
        MemorySegment memory = workspace.memory;
        int side = output.plane().side();
        int inner = input.plane().side();
        for (int y = 0; y < side; y++) {
            long to = output.at() + output.plane().offset(y, 0) + (long) firstChannel * Float.BYTES;
            boolean inside = y >= top && y < top + inner;
            for (int x = 0; x < side; x++) {
                long pixel = to + x * output.plane().pixelBytes();
                if (inside && x >= left && x < left + inner) {
                    long from = input.at() + input.plane().offset(y - top, x - left);
                    MemorySegment.copy(memory, from, memory, pixel, (long) channels * Float.BYTES);
                } else if (border != 0) {
                    fill(memory, pixel);
                }
            }
        }
    }

    private void fill(MemorySegment memory, long pixel) {
        for (int c = 0; c < channels; c++) {
            memory.set(FLOAT, pixel + (long) c * Float.BYTES, border);
        }
    }
}
