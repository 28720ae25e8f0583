package io.heddle.model;

import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A named array to be written to a file.
 *
 * @param bytes bytes of all elements
 */
record Tensor(String name, Type type, List<Long> shape, long bytes, Content content) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Type of the elements. */
    enum Type {
        F64(8),
        F32(4);

        final int bytes;

        Type(int bytes) {
            this.bytes = bytes;
        }
    }

    /** Receives bytes in order. */
    @FunctionalInterface
    interface Sink {
        void take(ByteBuffer bytes) throws IOException;
    }

    /** Writes the elements, little-endian, row by row. */
    @FunctionalInterface
    interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    static Tensor of(String name, FloatMatrix m) {
        return new Tensor(
                name, Type.F32, List.of(m.rows(), (long) m.columns()), m.rows() * m.columns() * Float.BYTES, sink -> {
                    byte[] row = new byte[m.columns() * Float.BYTES];
                    MemorySegment target = MemorySegment.ofArray(row);
                    for (long i = 0; i < m.rows(); i++) {
                        MemorySegment.copy(
                                m.segment(), ValueLayout.JAVA_FLOAT, m.offset(i), target, FLOAT, 0, m.columns());
                        sink.take(ByteBuffer.wrap(row));
                    }
                });
    }

    static Tensor of(String name, float[] values) {
        return new Tensor(name, Type.F32, List.of((long) values.length), values.length * 4L, sink -> {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            sink.take(bytes);
        });
    }

    static Tensor of(String name, double[] values) {
        return new Tensor(name, Type.F64, List.of((long) values.length), values.length * 8L, sink -> {
            ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asDoubleBuffer().put(values);
            sink.take(bytes);
        });
    }
}
