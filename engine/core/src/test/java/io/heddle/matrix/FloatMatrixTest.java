package io.heddle.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatMatrixTest {
    private static float[] ramp(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i + 1;
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"1,16", "10,16", "15,16", "16,16", "17,32", "784,784", "785,800", "0,0"})
    void theStrideIsTheNextMultipleOfSixteen(int columns, long stride) {
        try (FloatMatrix m = FloatMatrix.allocate(3, columns)) {
            assertThat(m.stride()).isEqualTo(stride);
            assertThat(m.columns()).isEqualTo(columns);
            assertThat(m.rows()).isEqualTo(3);
            assertThat(m.segment().byteSize()).isEqualTo(3 * stride * 4).isEqualTo(FloatMatrix.bytesFor(3, columns));
            assertThat(m.offset(2)).isEqualTo(2 * stride * 4);
        }
    }

    @Test
    void everyRowStartsOnACacheLine() {
        try (FloatMatrix m = FloatMatrix.allocate(5, 17)) {
            for (int i = 0; i < 5; i++) {
                assertThat((m.segment().address() + m.offset(i)) % 64).isZero();
            }
        }
    }

    @Test
    void aNewMatrixIsAllZeroPaddingIncluded() {
        try (FloatMatrix m = FloatMatrix.allocate(7, 21)) {
            for (float v : m.segment().toArray(ValueLayout.JAVA_FLOAT)) {
                assertThat(v).isZero();
            }
        }
    }

    @Test
    void fillingAMatrixKeepsThePaddingZero() {
        int columns = 21;
        try (FloatMatrix m = FloatMatrix.copyOf(ramp(4 * columns), 4, columns);
                FloatMatrix gathered = m.gather(new int[] {3, 0, 3});
                FloatMatrix copy = m.copy()) {
            m.setRow(2, ramp(columns));
            for (FloatMatrix each : new FloatMatrix[] {m, gathered, copy, m.rows(1, 3)}) {
                for (long i = 0; i < each.rows(); i++) {
                    for (long j = columns; j < each.stride(); j++) {
                        assertThat(each.segment().get(ValueLayout.JAVA_FLOAT, each.offset(i) + j * 4))
                                .isZero();
                    }
                }
            }
        }
    }

    @Test
    void elementsAndRowsAreWrittenAndRead() {
        try (FloatMatrix m = FloatMatrix.copyOf(ramp(6), 2, 3)) {
            assertThat(m.get(1, 2)).isEqualTo(6);
            m.set(1, 2, -1);
            float[] row = new float[3];
            m.getRow(1, row);
            assertThat(row).containsExactly(4, 5, -1);
            m.setRow(0, new float[] {7, 8, 9});
            m.getRow(0, row);
            assertThat(row).containsExactly(7, 8, 9);
            assertThat(m).hasToString("FloatMatrix[2 x 3]");
        }
    }

    @Test
    void aViewSharesTheMemory() {
        try (FloatMatrix m = FloatMatrix.copyOf(ramp(20), 10, 2)) {
            FloatMatrix view = m.rows(3, 7);
            assertThat(view.rows()).isEqualTo(4);
            assertThat(view.get(0, 0)).isEqualTo(m.get(3, 0));
            view.set(3, 1, 99);
            assertThat(m.get(6, 1)).isEqualTo(99);
            FloatMatrix inner = view.rows(1, 2);
            assertThat(inner.get(0, 0)).isEqualTo(m.get(4, 0));
            assertThatThrownBy(() -> view.get(4, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(m.rows(10, 10).rows()).isZero();
        }
    }

    @Test
    void gatherCopiesRowsInTheGivenOrder() {
        try (FloatMatrix m = FloatMatrix.copyOf(ramp(20), 10, 2);
                FloatMatrix g = m.rows(2, 10).gather(new int[] {7, 0, 0})) {
            assertThat(g.rows()).isEqualTo(3);
            assertThat(g.ownsMemory()).isTrue();
            assertThat(g.get(0, 0)).isEqualTo(m.get(9, 0));
            assertThat(g.get(1, 1)).isEqualTo(m.get(2, 1));
            assertThat(g.get(2, 1)).isEqualTo(m.get(2, 1));
            assertThatThrownBy(() -> m.gather(new int[] {0, 10})).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> m.gather(new int[] {-1})).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void closingAViewFreesNothing() {
        try (FloatMatrix m = FloatMatrix.copyOf(ramp(4), 2, 2)) {
            FloatMatrix view = m.rows(0, 1);
            assertThat(view.ownsMemory()).isFalse();
            view.close();
            assertThat(view.get(0, 0)).isEqualTo(1);
            assertThat(m.get(1, 1)).isEqualTo(4);
        }
    }

    @Test
    void refusesUseAfterClose() {
        FloatMatrix m = FloatMatrix.allocate(2, 3);
        FloatMatrix view = m.rows(0, 1);
        MemorySegment segment = m.segment();
        assertThat(m.ownsMemory()).isTrue();
        m.close();
        m.close();
        for (Runnable use : new Runnable[] {
            m::segment,
            () -> m.get(0, 0),
            () -> m.set(0, 0, 1),
            () -> m.getRow(0, new float[3]),
            () -> m.setRow(0, new float[3]),
            () -> m.rows(0, 1),
            () -> m.gather(new int[] {0}),
            m::copy
        }) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("this matrix of 2 x 3 is closed");
        }
        assertThatThrownBy(() -> view.get(0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_FLOAT, 0)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource({"-1,0", "2,0", "0,-1", "0,3", "0,15", "9223372036854775807,0"})
    void refusesElementsOutOfRange(long row, int column) {
        try (FloatMatrix m = FloatMatrix.allocate(2, 3)) {
            String sentence = "element (%d, %d) lies outside a matrix of 2 x 3".formatted(row, column);
            assertThatThrownBy(() -> m.get(row, column))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage(sentence);
            assertThatThrownBy(() -> m.set(row, column, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage(sentence);
        }
    }

    @Test
    void refusesRowsOutOfRange() {
        try (FloatMatrix m = FloatMatrix.allocate(2, 3)) {
            assertThatThrownBy(() -> m.rows(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> m.rows(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> m.rows(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> m.getRow(2, new float[3])).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> m.setRow(-1, new float[3])).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> m.getRow(0, new float[2])).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> m.setRow(0, new float[2])).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void refusesInvalidShapes() {
        assertThatThrownBy(() -> FloatMatrix.allocate(-1, 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a matrix cannot have -1 rows and 3 columns");
        assertThatThrownBy(() -> FloatMatrix.allocate(1, -3)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> FloatMatrix.allocate(Long.MAX_VALUE / 64, 17))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("exceeds 2^63 bytes");
        assertThatThrownBy(() -> FloatMatrix.copyOf(new float[5], 2, 3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("an array of 5 values cannot fill a matrix of 2 x 3");
        assertThatThrownBy(() -> FloatMatrix.copyOf(new float[6], -2, -3)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void moreThanTheMemoryIsAnOutOfMemoryError() {
        assertThatThrownBy(() -> FloatMatrix.allocate(1L << 45, 16)).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void sizesAreLong() {
        assertThat(FloatMatrix.bytesFor(6_000_000, 784)).isEqualTo(6_000_000L * 784 * 4);
        assertThat(FloatMatrix.bytesFor(3_000_000_000L, 10)).isEqualTo(3_000_000_000L * 64);
        assertThat(FloatMatrix.bytesFor(1, Integer.MAX_VALUE)).isEqualTo((1L << 31) * 4);
        assertThat(FloatMatrix.bytesFor(0, Integer.MAX_VALUE)).isZero();
    }

    @Test
    void readableAndClosableFromAnotherThread() throws InterruptedException {
        FloatMatrix m = FloatMatrix.copyOf(ramp(4), 2, 2);
        AtomicReference<Float> seen = new AtomicReference<>();
        Thread other = new Thread(() -> {
            seen.set(m.get(1, 1));
            m.close();
        });
        other.start();
        other.join();
        assertThat(seen.get()).isEqualTo(4f);
        assertThatThrownBy(m::segment).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMatrixWithoutRowsOrColumnsIsAMatrix() {
        try (FloatMatrix none = FloatMatrix.allocate(0, 5);
                FloatMatrix thin = FloatMatrix.allocate(5, 0);
                FloatMatrix copy = thin.copy();
                FloatMatrix gathered = none.gather(new int[0])) {
            assertThat(none.segment().byteSize()).isZero();
            assertThat(thin.rows(1, 4).rows()).isEqualTo(3);
            assertThat(copy.rows()).isEqualTo(5);
            assertThat(gathered.rows()).isZero();
            assertThatThrownBy(() -> none.get(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> thin.get(0, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
