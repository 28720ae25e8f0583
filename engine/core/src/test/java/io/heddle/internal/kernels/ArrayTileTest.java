package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tiles of operands that are packed into arrays. */
class ArrayTileTest {
    private static final Kernels KERNELS = new VectorKernels();
    private static final int COLUMNS = KERNELS.tileColumns();
    private static final int STEP = KERNELS.leftStep();

    /** A right operand of one panel has the stride of packed ones. */
    @Property(tries = 200)
    void rowsInPlaceWithoutAGapHaveTheBitsOfPackedOnes(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 0, max = 90) int depth,
            @ForAll boolean accumulate,
            @ForAll long seed) {
        assumeThat(KERNELS.readsArrays()).isTrue();
        Buffer left = Buffer.of(KernelsTest.gaussian(depth * STEP, seed), 0);
        Buffer right = Buffer.of(KernelsTest.gaussian(depth * COLUMNS, seed + 1), 0);
        float[] c = KernelsTest.gaussian(rows * COLUMNS, seed + 2);
        Buffer expected = Buffer.of(c, 4);
        Buffer actual = Buffer.of(c, 4);
        long step = COLUMNS * 4L;
        MemorySegment array = MemorySegment.ofArray(left.values());
        KERNELS.tile(
                rows,
                COLUMNS,
                depth,
                left.segment,
                left.offset,
                right.segment,
                right.offset,
                step,
                expected.segment,
                expected.offset,
                step,
                accumulate);
        KERNELS.tile(
                rows,
                COLUMNS,
                depth,
                array,
                0,
                right.segment,
                right.offset,
                step,
                actual.segment,
                actual.offset,
                step,
                accumulate);
        assertThat(actual.values()).isEqualTo(expected.values());
    }

    /** The arrays end with the operands, so that an access beyond them fails. */
    @Property(tries = 400)
    void haveTheBitsOfTilesOffHeap(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 0, max = 90) int depth,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll boolean accumulate,
            @ForAll long seed) {
        assumeThat(KERNELS.readsArrays()).isTrue();
        int aFrom = before * STEP;
        int bFrom = before * COLUMNS;
        float[] a = KernelsTest.gaussian(aFrom + depth * STEP, seed);
        float[] b = KernelsTest.gaussian(bFrom + depth * COLUMNS, seed + 1);
        float[] c = KernelsTest.gaussian(rows * COLUMNS, seed + 2);
        Buffer offHeapA = Buffer.of(a, 0);
        Buffer offHeapB = Buffer.of(b, 0);
        float[][] results = new float[2][];
        for (int i = 0; i < 2; i++) {
            Buffer out = Buffer.of(c, 4);
            KERNELS.tile(
                    rows,
                    COLUMNS,
                    depth,
                    i == 0 ? offHeapA.segment : MemorySegment.ofArray(a),
                    aFrom * 4L + (i == 0 ? offHeapA.offset : 0),
                    i == 0 ? offHeapB.segment : MemorySegment.ofArray(b),
                    bFrom * 4L + (i == 0 ? offHeapB.offset : 0),
                    COLUMNS * 4L,
                    out.segment,
                    out.offset,
                    COLUMNS * 4L,
                    accumulate);
            results[i] = out.values();
        }
        assertThat(results[1]).isEqualTo(results[0]);
    }

    @Test
    void refusesAnArrayAsRightOperandOfOffHeapMemory() {
        MemorySegment s = Buffer.ofLength(64, 0).segment;
        MemorySegment array = MemorySegment.ofArray(new float[64]);
        assertThatThrownBy(() -> KERNELS.tile(1, COLUMNS, 1, s, 0, array, 0, COLUMNS * 4L, s, 0, 0, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesOffHeapMemoryBesideRowsInPlace() {
        assumeThat(KERNELS.readsArrays()).isTrue();
        MemorySegment s = Buffer.ofLength(64, 0).segment;
        assertThatThrownBy(() -> KERNELS.tile(1, COLUMNS, 1, s, 0, s, 0, COLUMNS * 4L + 4, s, 0, 0, false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesArraysUnlessTheyAreFaster() {
        assumeThat(KERNELS.readsArrays()).isFalse();
        MemorySegment s = Buffer.ofLength(64, 0).segment;
        MemorySegment array = MemorySegment.ofArray(new float[64]);
        assertThatThrownBy(() -> KERNELS.tile(1, COLUMNS, 1, array, 0, array, 0, COLUMNS * 4L, s, 0, 0, false))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
