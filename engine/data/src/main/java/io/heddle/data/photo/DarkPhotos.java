package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import io.heddle.parallel.WorkerPool;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Detects photos of 16 bits whose values are all small, as microscopes and depth cameras write them: 10, 12 or 14 bits
 * in 16. Rounded to 8 bits, few different values are left.
 */
final class DarkPhotos {
    /** Photos that are decoded at most. */
    private static final int SAMPLE = 32;
    /** The largest value of 14 bits, rounded to 8. */
    private static final int LARGEST = 64;

    private static final int WHITE = 255;
    /** The largest value of a photo that cannot be read. */
    private static final int NONE = -1;

    private DarkPhotos() {}

    /** Returns a note if there are such photos, unless one of a sample has larger values. */
    static Optional<String> note(Path folder, List<Photo> photos) {
        List<Photo> deep = photos.stream().filter(Photo::deep).toList();
        int count = Math.min(SAMPLE, deep.size());
        List<Photo> sample = IntStream.range(0, count)
                .mapToObj(i -> deep.get((int) ((long) i * deep.size() / count)))
                .toList();
        AtomicInteger largest = new AtomicInteger(NONE);
        WorkerPool.shared().run(count, (index, worker) -> {
            if (largest.get() <= LARGEST) {
                largest.accumulateAndGet(largest(sample.get(index)), Math::max);
            }
        });
        if (largest.get() == NONE || largest.get() > LARGEST) {
            return Optional.empty();
        }
        return Optional.of(
                "%s: %d file%s values of 16 bits that use little of the range%s: rounded to 8 bits, they are at most %d of %d; if small differences matter, multiply the values before"
                        .formatted(
                                folder,
                                deep.size(),
                                deep.size() == 1 ? " has" : "s have",
                                count < deep.size() ? ", as %d of them show".formatted(count) : "",
                                largest.get(),
                                WHITE));
    }

    /** Returns the largest value, rounded to 8 bits; none if the photo is damaged, which is reported elsewhere. */
    private static int largest(Photo photo) {
        int[] largest = new int[1];
        try {
            photo.decode(photo.shape().channels(), (y, row) -> {
                for (byte value : row) {
                    largest[0] = Math.max(largest[0], value & WHITE);
                }
            });
            return largest[0];
        } catch (DataFormatException e) {
            return NONE;
        }
    }
}
