package io.heddle.cnn;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.concurrent.atomic.AtomicLong;

/** Checks the range of pixels with all threads. */
final class PixelCheck {
    /** Number of images per task. */
    private static final int ROWS = 1024;

    private PixelCheck() {}

    /**
     * Checks that all values are from 0 to 1.
     *
     * @throws InvalidInputException that names the first value outside this range
     */
    static void require(FloatMatrix images, WorkerPool pool) {
        AtomicLong firstBad = new AtomicLong(Long.MAX_VALUE);
        RowSlices slices = RowSlices.of(images.rows(), ROWS);
        pool.run(slices.count(), (slice, worker) -> {
            float[] row = new float[images.columns()];
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                images.getRow(i, row);
                if (badPixel(row) >= 0) {
                    firstBad.accumulateAndGet(i, Math::min);
                    return;
                }
            }
        });
        long image = firstBad.get();
        if (image < Long.MAX_VALUE) {
            float[] row = new float[images.columns()];
            images.getRow(image, row);
            int pixel = badPixel(row);
            throw new InvalidInputException(
                    "pixel %d of image %d is %s, not between 0 and 1".formatted(pixel, image, row[pixel]));
        }
    }

    /** Returns the index of the first value outside 0 to 1, or −1. */
    private static int badPixel(float[] row) {
        for (int j = 0; j < row.length; j++) {
            if (!(row[j] >= 0 && row[j] <= 1)) {
                return j;
            }
        }
        return -1;
    }
}
