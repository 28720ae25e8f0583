package io.heddle.bench.cnn;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Uses segments of arrays, mapped files and native memory, as a service can. */
final class OtherSegments {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int BYTES = 1 << 16;

    private OtherSegments() {}

    /**
     * Uses a segment in each round.
     *
     * @param file receives the mapped numbers
     * @param afterRound is called with the number of each round
     * @return the sum of what was read
     */
    static float use(int rounds, Path file, IntConsumer afterRound) throws IOException {
        Files.write(file, new byte[BYTES]);
        Random random = new Random(2);
        float total = 0;
        try (Arena shared = Arena.ofShared();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, shared);
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
                afterRound.accept(i);
            }
        }
        return total;
    }

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
}
