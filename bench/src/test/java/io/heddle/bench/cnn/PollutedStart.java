package io.heddle.bench.cnn;

import com.sun.management.ThreadMXBean;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;

/**
 * Uses {@link OtherSegments} and then encodes images. Prints the minimum processor time of a call in nanoseconds, and
 * the minimum number of bytes that 200 calls allocate. Arguments: how often segments are used, and a file for the
 * mapping.
 */
final class PollutedStart {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WINDOWS = 30;
    private static final int CALLS = 200;

    private PollutedStart() {}

    public static void main(String[] arguments) throws Exception {
        byte[] pixels = new byte[28 * 28];
        new Random(1).nextBytes(pixels);
        try (ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN)) {
            float[] features = new float[encoder.dimensions()];
            float total = OtherSegments.use(Integer.parseInt(arguments[0]), Path.of(arguments[1]), i -> {
                if (i % 7 == 0) {
                    encoder.encode(pixels, features);
                }
            });
            long minimumNanos = Long.MAX_VALUE;
            long minimumBytes = Long.MAX_VALUE;
            for (int w = 0; w < WINDOWS; w++) {
                long bytes = THREADS.getCurrentThreadAllocatedBytes();
                long nanos = THREADS.getCurrentThreadCpuTime();
                for (int i = 0; i < CALLS; i++) {
                    encoder.encode(pixels, features);
                }
                minimumNanos = Math.min(minimumNanos, (THREADS.getCurrentThreadCpuTime() - nanos) / CALLS);
                minimumBytes = Math.min(minimumBytes, THREADS.getCurrentThreadAllocatedBytes() - bytes);
            }
            System.out.printf("%d %d %s%n", minimumNanos, minimumBytes, Float.isNaN(total));
        }
    }
}
