package io.heddle.data.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.FloatMatrix;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArraySourceTest {
    @TempDir
    Path folder;

    private static DataSource open(Path path, DataOptions options) throws IOException {
        return DataSource.open(path.toString(), options, line -> {});
    }

    private Path times(long... shape) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.header(Dtype.FLOAT64, shape, out);
        ByteBuffer values = ByteBuffer.allocate(8 * 6).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 6; i++) {
            values.putDouble(1.7e9 + i);
        }
        out.write(values.array());
        return Files.write(folder.resolve("times.npy"), out.toByteArray());
    }

    @Test
    void returnsDoublesThatFloatsWouldRound() throws IOException {
        try (DataSource data = open(times(3, 2), DataOptions.defaults().withScale(0.5))) {
            Table table = data.table().orElseThrow();
            double[] rows = new double[4];
            data.readDoubles(1, 3, rows);

            assertThat(data.isWide()).isTrue();
            assertThat(table.named()).isFalse();
            assertThat(table.columns()).extracting(Column::name).containsExactly("1", "2");
            assertThat(table.rows()).isEqualTo(3);
            assertThat(table.value(2, 1)).isEqualTo((1.7e9 + 5) / 2);
            assertThat(rows).containsExactly((1.7e9 + 2) / 2, (1.7e9 + 3) / 2, (1.7e9 + 4) / 2, (1.7e9 + 5) / 2);
            assertThat(data.table()).containsSame(table);
        }
    }

    @Test
    void imagesAndFloatsAreNotTables() throws IOException {
        Path floats = folder.resolve("floats.npy");
        try (FloatMatrix x = FloatMatrix.copyOf(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
                var out = Files.newOutputStream(floats)) {
            NpyWriter.write(x, out);
        }
        try (DataSource images = open(times(1, 3, 2), DataOptions.defaults());
                DataSource narrow = open(floats, DataOptions.defaults())) {
            double[] rows = new double[2];
            narrow.readDoubles(2, 3, rows);

            assertThat(images.table()).isEmpty();
            assertThat(narrow.table()).isEmpty();
            assertThat(narrow.isWide()).isFalse();
            assertThat(rows).containsExactly(5, 6);
        }
    }

    @Test
    void refusesArraysThatAreNoTable() throws IOException {
        Path empty = folder.resolve("empty.npy");
        try (var out = Files.newOutputStream(empty)) {
            NpyWriter.header(Dtype.FLOAT64, new long[] {0, 3}, out);
        }
        assertThatThrownBy(() -> open(empty, DataOptions.defaults()))
                .hasMessageContaining("is an array of 0 x 3: it has no values");
        assertThatThrownBy(() -> open(times(6), DataOptions.defaults()))
                .hasMessageContaining("is an array of 6; a table needs two or more dimensions");
    }
}
