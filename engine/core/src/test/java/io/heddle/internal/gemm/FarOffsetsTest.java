package io.heddle.internal.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.internal.kernels.Kernels;
import io.heddle.internal.kernels.ScalarKernels;
import io.heddle.internal.kernels.VectorKernels;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests data with more than 2³¹ elements: a mapped sparse file of 9 GB, of which only a few pages exist. */
class FarOffsetsTest {
    private static final long FAR = 9L << 30;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    @TempDir
    Path folder;

    @Test
    void kernelsWorkBeyondTwoBillionElements() throws IOException {
        try (FileChannel file = FileChannel.open(
                        folder.resolve("hole"),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.SPARSE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
                Arena arena = Arena.ofShared()) {
            MemorySegment hole = file.map(FileChannel.MapMode.READ_WRITE, 0, FAR + 8 * 4096, arena);
            // Kernels refuse mapped files, and other memory of this size would be filled with zeros first.
            MemorySegment s = MemorySegment.ofAddress(hole.address()).reinterpret(hole.byteSize());
            for (int i = 0; i < 48; i++) {
                s.set(FLOAT, FAR + 4L * i, i);
            }
            for (Kernels kernels : new Kernels[] {new VectorKernels(), new ScalarKernels()}) {
                assertThat(kernels.dot(s, FAR, s, FAR, 48)).isEqualTo(47 * 48 * 95 / 6f);
                kernels.axpy(2, s, FAR, s, FAR + 4096, 48);
                assertThat(s.get(FLOAT, FAR + 4096 + 47 * 4)).isEqualTo(94);
                // One row above and one below 2³¹ elements, the stride between them above 2³¹ bytes.
                kernels.packLeft(2, 1, s, FAR + 4, -FAR, 4, s, FAR + 12288);
                assertThat(s.get(FLOAT, FAR + 12288)).isEqualTo(1);
                assertThat(s.get(FLOAT, FAR + 12288 + 4)).isZero();
                int last = kernels.tileColumns() - 1;
                kernels.tile(2, last + 1, 1, s, FAR + 12288, s, FAR, 4L * last + 4, s, FAR + 8192, -FAR / 2, false);
                assertThat(s.get(FLOAT, FAR + 8192 + last * 4)).isEqualTo(last);
                assertThat(s.get(FLOAT, FAR / 2 + 8192 + last * 4)).isZero();
                kernels.axpy(-1, s, FAR + 4096, s, FAR + 4096, 48);
            }
        }
    }

    @Test
    void rowsAreFoundBeyondTwoBillion() {
        try (FloatMatrix m = FloatMatrix.allocate(1, 784)) {
            assertThat(m.offset(3_000_000_000L)).isEqualTo(3_000_000_000L * 784 * 4);
        }
    }
}
