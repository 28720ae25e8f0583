package io.heddle.bench.compare;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads and writes raw little-endian numbers, which numpy and R read without a library. */
final class RawFiles {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private RawFiles() {}

    /** Reads a matrix of floats, row by row, which the caller closes. */
    static FloatMatrix readMatrix(Path file, long rows, int columns) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = map(file, rows * columns * Float.BYTES, arena);
            FloatMatrix m = FloatMatrix.allocate(rows, columns);
            float[] row = new float[columns];
            for (long i = 0; i < rows; i++) {
                MemorySegment.copy(bytes, FLOAT, i * columns * Float.BYTES, row, 0, columns);
                m.setRow(i, row);
            }
            return m;
        }
    }

    static int[] readLabels(Path file, int count) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return map(file, (long) count * Integer.BYTES, arena).toArray(INT);
        }
    }

    private static MemorySegment map(Path file, long bytes, Arena arena) throws IOException {
        long size = Files.size(file);
        if (size != bytes) {
            throw new IOException("%s has %d bytes, not %d".formatted(file, size, bytes));
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        }
    }

    /** Writes the rows of a matrix as floats, without the padding. */
    static void write(Path file, FloatMatrix m) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = create(file, m.rows() * m.columns() * Float.BYTES, arena);
            float[] row = new float[m.columns()];
            for (long i = 0; i < m.rows(); i++) {
                m.getRow(i, row);
                MemorySegment.copy(row, 0, bytes, FLOAT, i * m.columns() * Float.BYTES, row.length);
            }
        }
    }

    static void write(Path file, int[] values) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = create(file, (long) values.length * Integer.BYTES, arena);
            MemorySegment.copy(values, 0, bytes, INT, 0, values.length);
        }
    }

    static void write(Path file, double[] values) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = create(file, (long) values.length * Double.BYTES, arena);
            MemorySegment.copy(values, 0, bytes, DOUBLE, 0, values.length);
        }
    }

    private static MemorySegment create(Path file, long bytes, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
        }
    }
}
