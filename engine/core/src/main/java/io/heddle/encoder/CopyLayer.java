package io.heddle.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A layer, or a part of one, that copies planes: into or out of some channels, or into the middle of larger planes. */
final class CopyLayer implements Step {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    private final PlacedPlane input;
    private final int from;
    private final int channels;
    private final PlacedPlane output;
    private final int firstChannel;
    private final int top;
    private final int left;
    private final float border;

    private CopyLayer(
            PlacedPlane input,
            int from,
            int channels,
            PlacedPlane output,
            int firstChannel,
            int top,
            int left,
            float border) {
        this.input = input;
        this.from = from;
        this.channels = channels;
        this.output = output;
        this.firstChannel = firstChannel;
        this.top = top;
        this.left = left;
        this.border = border;
    }

    /**
     * Copies consecutive channels.
     *
     * @param from number of the first of them in the input
     * @param to number of the first of them in the output
     */
    static CopyLayer ofChannels(PlacedPlane input, int from, int channels, PlacedPlane output, int to) {
        return new CopyLayer(input, from, channels, output, to, 0, 0, 0);
    }

    /**
     * Copies all channels into larger planes.
     *
     * @param channels of the input, without padding
     * @param top row of the output where the input begins
     * @param left column of the output where the input begins
     * @param border number of the other pixels of the output; not written if it is zero, as all memory is at first
     */
    static CopyLayer intoLarger(PlacedPlane input, int channels, PlacedPlane output, int top, int left, float border) {
        return new CopyLayer(input, 0, channels, output, 0, top, left, border);
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
                    long source = input.at() + input.plane().offset(y - top, x - left) + (long) from * Float.BYTES;
                    MemorySegment.copy(memory, source, memory, pixel, (long) channels * Float.BYTES);
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
