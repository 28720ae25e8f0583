package io.heddle.bench.cnn;

import com.sun.management.ThreadMXBean;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Uses segments of arrays, mapped files and native memory, as a service can, and then encodes images. Prints the
 * minimum processor time of a call in nanoseconds, and the minimum number of bytes that 200 calls allocate. Arguments:
 * how often segments are used, and a file for the mapping.
 */
final class PollutedStart {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BYTES = 1 << 16;
    private static final int WINDOWS = 30;
    private static final int CALLS = 200;

    private PollutedStart() {}

    private static float use(MemorySegment segment) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (long at = 0; at < BYTES; at += SPECIES.vectorByteSize()) {
            FloatVector v = FloatVector.fromMemorySegment(SPECIES, segment, at, ByteOrder.nativeOrder());
            sum = v.fma(v, sum);
            v.intoMemorySegment(segment, at, ByteOrder.nativeOrder());
        }
        float total = sum.reduceLanes(VectorOperators.ADD);
        for (int i = 0; i < BYTES / Float.BYTES; i++) {
            total += segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES);
            segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) i * Float.BYTES, 1f);
        }
        return total;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = Integer.parseInt(arguments[0]);
        Path file = Path.of(arguments[1]);
        Files.write(file, new byte[BYTES]);
        byte[] pixels = new byte[28 * 28];
        new Random(1).nextBytes(pixels);
        Random random = new Random(2);
        try (ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN);
                Arena shared = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            float[] features = new float[encoder.dimensions()];
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, shared);
            float total = 0;
            for (int i = 0; i < rounds; i++) {
                try (Arena confined = Arena.ofConfined()) {
                    MemorySegment segment =
                            switch (random.nextInt(8)) {
                                case 0 -> MemorySegment.ofArray(new float[BYTES / Float.BYTES]);
                                case 1 -> MemorySegment.ofArray(new byte[BYTES]);
                                case 2 -> MemorySegment.ofArray(new int[BYTES / Integer.BYTES]);
                                case 3 -> MemorySegment.ofArray(new double[BYTES / Double.BYTES]);
                                case 4 -> confined.allocate(BYTES, 64);
                                case 5 -> shared.allocate(BYTES, 64);
                                case 6 -> mapped;
                                default -> Arena.ofAuto().allocate(BYTES, 64);
                            };
                    total += use(segment);
                }
                if (i % 7 == 0) {
                    encoder.encode(pixels, features);
                }
            }
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
