package io.heddle.data.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads files that NumPy wrote (src/test/python/make_arrays.py) and damaged files. */
class NpyArrayTest {
    @TempDir
    Path folder;

    private static Path file(String name) {
        try {
            return Path.of(NpyArrayTest.class.getResource(name + ".npy").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float16", "float32",
                "float64"
            })
    void readsEveryTypeInBothOrders(String dtype) throws IOException {
        for (String order : new String[] {"-c", "-fortran"}) {
            try (NpyArray array = NpyArray.open(file(dtype + order));
                    FloatMatrix x = array.read(0, 5, 0.5f);
                    FloatMatrix middle = array.read(2, 4, 1)) {
                assertThat(array.dtype()).hasToString(dtype);
                assertThat(array.fortranOrder()).isEqualTo(order.equals("-fortran"));
                assertThat(array.shape()).containsExactly(5, 3);
                for (int i = 0; i < 5; i++) {
                    for (int j = 0; j < 3; j++) {
                        assertThat(x.get(i, j)).isEqualTo(0.5f * (10 * i + j));
                    }
                }
                double[] doubles = new double[6];
                array.readDoubles(2, 4, 0.5, doubles);
                assertThat(doubles).containsExactly(10, 10.5, 11, 15, 15.5, 16);
                assertThat(middle.rows()).isEqualTo(2);
                assertThat(middle.get(0, 1)).isEqualTo(21);
                assertThat(middle.get(1, 2)).isEqualTo(32);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float64-big-endian", "int16-big-endian", "version-2", "version-3", "python-2"})
    void readsOtherByteOrdersAndVersions(String name) throws IOException {
        try (NpyArray array = NpyArray.open(file(name));
                FloatMatrix x = array.read(0, 5, 1)) {
            assertThat(x.get(4, 2)).isEqualTo(42);
            assertThat(x.get(1, 0)).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cube-c", "cube-fortran"})
    void readsInnerDimensionsInCOrder(String name) throws IOException {
        try (NpyArray array = NpyArray.open(file(name));
                FloatMatrix x = array.read(0, 2, 1)) {
            assertThat(array.columns()).isEqualTo(6);
            float[] row = new float[6];
            x.getRow(1, row);
            assertThat(row).containsExactly(100, 101, 110, 111, 120, 121);
        }
    }

    @Test
    void readsBooleansAndIntegers() throws IOException {
        try (NpyArray bools = NpyArray.open(file("bool-c"));
                FloatMatrix x = bools.read(0, 5, 1);
                NpyArray longs = NpyArray.open(file("labels-int64"));
                NpyArray bytes = NpyArray.open(file("labels-uint8"))) {
            assertThat(x.get(0, 0)).isEqualTo(1);
            assertThat(x.get(0, 1)).isZero();
            assertThat(longs.readIntegers()).containsExactly(3, -1, 1L << 40);
            assertThat(bytes.readIntegers()).containsExactly(0, 255, 7);
            assertThatThrownBy(bools::readIntegers)
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("5 x 3")
                    .hasMessageContaining("bool");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide-c", "wide-fortran"})
    void doublesKeepDigitsThatFloatsLose(String name) throws IOException {
        try (NpyArray array = NpyArray.open(file(name));
                FloatMatrix floats = array.read(0, 300, 1)) {
            double[] doubles = new double[2 * 290];
            array.readDoubles(5, 295, 1, doubles);
            for (int i = 0; i < doubles.length; i++) {
                assertThat(doubles[i]).isEqualTo(1.7e9 + (10 + i) / 4.0);
            }
            assertThat(floats.get(0, 0)).isEqualTo(floats.get(0, 1)).isEqualTo(floats.get(20, 1));
            assertThat(array.dtype().fitsFloat()).isFalse();
            assertThatThrownBy(() -> array.readDoubles(0, 300, 1, doubles))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> array.readDoubles(299, 301, 1, doubles))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void doublesKeepWholeNumbersUpTo53Bits() throws IOException {
        try (NpyArray array = NpyArray.open(file("wide-int64"));
                NpyArray unsigned = NpyArray.open(file("labels-uint64"));
                FloatMatrix floats = unsigned.read(0, 2, 1)) {
            double[] doubles = new double[6];
            array.readDoubles(0, 3, 1, doubles);
            for (int i = 0; i < 6; i++) {
                assertThat(doubles[i]).isEqualTo((1L << 53) - i);
            }
            unsigned.readDoubles(0, 2, 1, doubles);
            assertThat(doubles[1]).isEqualTo(0x1p64);
            assertThat(floats.get(1, 0)).isEqualTo(0x1p64f);
            assertThatThrownBy(unsigned::readIntegers).hasMessageContaining("uint64");
        }
    }

    @Test
    void returnsMappedBytesWithoutACopy() throws IOException {
        try (NpyArray bytes = NpyArray.open(file("uint8-c"));
                NpyArray columnwise = NpyArray.open(file("uint8-fortran"));
                NpyArray floats = NpyArray.open(file("float32-c"))) {
            ByteMatrix x = bytes.bytes(0.5f).orElseThrow();
            assertThat(x.rows()).isEqualTo(5);
            assertThat(x.get(4, 2)).isEqualTo(21);
            assertThat(columnwise.bytes(1)).isEmpty();
            assertThat(floats.bytes(1)).isEmpty();
        }
    }

    @Test
    void readsScalarsAndEmptyArrays() throws IOException {
        try (NpyArray scalar = NpyArray.open(file("scalar"));
                FloatMatrix x = scalar.read(0, 1, 1);
                NpyArray empty = NpyArray.open(file("empty"))) {
            assertThat(scalar.shape()).isEmpty();
            assertThat(x.get(0, 0)).isEqualTo(4.5f);
            assertThat(empty.rows()).isZero();
            assertThat(empty.columns()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "objects, never unpickles",
        "records, 'several fields (a, b)'",
        "text, U1",
        "complex, <c16",
    })
    void refusesValuesThatAreNotNumbers(String name, String reason) {
        assertThatThrownBy(() -> NpyArray.open(file(name)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(name + ".npy")
                .hasMessageContaining(reason);
    }

    @Test
    void refusesAFileOfAnyOtherLength() throws IOException {
        byte[] whole = Files.readAllBytes(file("float32-c"));
        for (int length = 0; length < whole.length; length++) {
            Path cut = Files.write(folder.resolve("cut.npy"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> NpyArray.open(cut))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("cut.npy");
        }
        Path longer = Files.write(folder.resolve("longer.npy"), Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> NpyArray.open(longer))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("5 x 3 elements of type float32 and so 60 bytes, but holds 61");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "(9223372036854775807, 9)  | 'descr': '<f4'",
                "(999999999999999999, 99)  | 'descr': '<f4'",
                "(0, 999999999999, 999999) | 'descr': '<f4'",
                "(0, 3000000000)           | 'descr': '<f4'",
                "(-1, 3)                   | 'descr': '<f4'",
                "(2, 3                     | 'descr': '<f4'",
                "(2, 3)                    | 'desrc': '<f4'",
                "(2, 3)                    | 'descr': '<f5'",
                "(2, 3)                    | 'descr': 'f4', 'x': 'O', 'descr2': ''",
            })
    void refusesInvalidHeaders(String shape, String descr) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String header = "{%s, 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
        bytes.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        bytes.write(header.getBytes(StandardCharsets.US_ASCII));
        Path file = Files.write(folder.resolve("odd.npy"), bytes.toByteArray());

        assertThatThrownBy(() -> NpyArray.open(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("odd.npy");
    }

    @Test
    void refusesOtherFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("letter.npy"), "dear NumPy, this is no array");

        assertThatThrownBy(() -> NpyArray.open(file)).hasMessageContaining("does not start with");
        assertThatThrownBy(() -> NpyArray.open(folder)).hasMessageContaining("is not a file");
        assertThatThrownBy(() -> NpyArray.open(folder.resolve("none.npy"))).hasMessageContaining("does not exist");
    }

    @Test
    void writesAndReadsTheSameValues() throws IOException {
        float[] values = {1, -2.5f, 3e30f, 0, 255, 7};
        Path floats = folder.resolve("floats.npy");
        Path labels = folder.resolve("labels.npy");
        try (FloatMatrix m = FloatMatrix.copyOf(values, 2, 3);
                var out = Files.newOutputStream(floats);
                var labelsOut = Files.newOutputStream(labels)) {
            NpyWriter.write(m, out);
            NpyWriter.write(new int[] {4, -1}, labelsOut);
        }
        try (NpyArray array = NpyArray.open(floats);
                FloatMatrix back = array.read(0, 2, 1);
                NpyArray integers = NpyArray.open(labels)) {
            assertThat(Files.size(floats)).isEqualTo(128 + 24);
            assertThat(array.dtype()).isEqualTo(Dtype.FLOAT32);
            assertThat(back.get(1, 1)).isEqualTo(255);
            assertThat(back.get(0, 2)).isEqualTo(3e30f);
            assertThat(integers.readIntegers()).containsExactly(4, -1);
        }
    }

    @Test
    void writesTheSameBytesAsNumpy() throws IOException {
        try (NpyArray array = NpyArray.open(file("float32-c"));
                FloatMatrix m = array.read(0, 5, 1)) {
            ByteArrayOutputStream floats = new ByteArrayOutputStream();
            NpyWriter.write(m, floats);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            NpyWriter.header(Dtype.UINT8, new long[] {5, 3}, bytes);
            NpyWriter.byteRows(m, bytes);

            assertThat(floats.toByteArray()).isEqualTo(Files.readAllBytes(file("float32-c")));
            assertThat(bytes.toByteArray()).isEqualTo(Files.readAllBytes(file("uint8-c")));
        }
    }

    @Test
    void refusesValuesThatAreNotBytes() {
        try (FloatMatrix m = FloatMatrix.copyOf(new float[] {1, 256}, 1, 2)) {
            assertThatThrownBy(() -> NpyWriter.byteRows(m, new ByteArrayOutputStream()))
                    .hasMessageContaining("element (0, 1) is 256.0");
        }
    }
}
