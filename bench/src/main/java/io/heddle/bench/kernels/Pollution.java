package io.heddle.bench.kernels;

import io.heddle.internal.kernels.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Calls of the kernels before the measurement, which determine the compiler's profile. */
public enum Pollution {
    /** Nothing else. */
    NONE,
    /** Other lengths, from below one vector to a thousand. */
    SHAPES,
    /** Other lengths and other memory: confined memory and arrays in addition to shared off-heap memory. */
    SEGMENTS;

    private static final int ROUNDS = 1_500;
    private static final int LONGEST = 1_027;

    /** Runs every kernel on this kind of data. */
    void spread(Kernels kernels) {
        if (this == NONE) {
            return;
        }
        long bytes = (long) LONGEST * Float.BYTES;
        try (Arena shared = Arena.ofShared();
                Arena confined = Arena.ofConfined()) {
            MemorySegment ours = shared.allocate(bytes, 64);
            MemorySegment[] kinds = this == SHAPES
                    ? new MemorySegment[] {ours}
                    : new MemorySegment[] {ours, confined.allocate(bytes, 64), MemorySegment.ofArray(new float[LONGEST])
                    };
            for (int round = 0; round < ROUNDS; round++) {
                MemorySegment s = kinds[round % kinds.length];
                int n = round % 3 == 0 ? round % 17 : round * 31 % LONGEST;
                if (s.isNative()) {
                    runAll(kernels, s, n);
                } else {
                    touch(s, n);
                }
            }
        }
    }

    /** Kernels refuse arrays, but other code uses the same methods of the JDK for them. */
    private static void touch(MemorySegment s, int n) {
        VectorSpecies<Float> species = FloatVector.SPECIES_PREFERRED;
        for (int i = 0; i + species.length() <= n; i += species.length()) {
            long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(species, s, at, ByteOrder.nativeOrder())
                    .add(s.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at))
                    .intoMemorySegment(s, at, ByteOrder.nativeOrder());
        }
    }

    private static void runAll(Kernels kernels, MemorySegment s, int n) {
        kernels.dot(s, 0, s, 0, n);
        kernels.squaredDistance(s, 0, s, 0, n);
        kernels.axpy(0.5f, s, 0, s, 0, n);
        kernels.scale(0.5f, s, 0, n);
        kernels.exp(s, 0, s, 0, n);
        kernels.softmax(s, 0, n);
        kernels.allFinite(s, 0, n);
        kernels.bytesToFloats(s, 0, 1f, s, 0, Math.min(n, 64));
        int rows = 1 + n % kernels.tileRows();
        int columns = kernels.tileColumns();
        kernels.packLeft(rows, 9, s, 0, 40, 4, s, 1024);
        kernels.packLeft(rows, 9, s, 0, 4, 40, s, 1024);
        kernels.tile(rows, columns, 5, s, 0, s, 512, 4L * columns, s, 2048, 160, n % 2 == 0);
        MemorySegment left = kernels.readsArrays() ? MemorySegment.ofArray(new float[5 * kernels.leftStep()]) : s;
        kernels.tile(
                Math.min(rows, kernels.stridedTileRows()), columns, 5, left, 0, s, 512, 192, s, 2048, 160, n % 2 == 0);
        if (columns == Kernels.TILE_COLUMNS) {
            kernels.tile(rows, columns / 2, 5, s, 0, s, 512, 2L * columns, s, 2048, 160, n % 2 == 0);
        }
    }
}
