package io.heddle.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Memory;
import io.heddle.data.TextOptions;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads Parquet by its logical types, and refuses files with false sizes. src/test/python/make_tables.py writes both.
 */
@Tag("slow")
class ParquetTableTest {
    private static final DataOptions PLAIN = DataOptions.defaults();
    private static final double NONE = Double.NaN;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final long MAXIMUM_NANOSECONDS = 2_000_000_000;

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private static Path resource(String name) {
        try {
            return Path.of(ParquetTableTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private DataSource open(Path path, DataOptions options) throws IOException {
        return DataSource.open(path.toString(), options, notes::add);
    }

    private static double[] column(DataSource data, String name) throws IOException {
        Table table = data.table().orElseThrow();
        int j = table.indexOf(name);
        return IntStream.range(0, (int) table.rows())
                .mapToDouble(i -> table.value(i, j))
                .toArray();
    }

    private static double[] of(int rows, IntToDoubleFunction value) {
        return IntStream.range(0, rows).mapToDouble(value).toArray();
    }

    @Test
    void readsColumnsByTheirLogicalTypes() throws IOException {
        try (DataSource data = open(resource("types.parquet"), PLAIN)) {
            int n = 6;
            assertThat(column(data, "u32")).containsExactly(of(n, i -> 3e9 + i));
            assertThat(column(data, "u64")).containsExactly(of(n, i -> 0x1p64 - 2048 * (i + 1)));
            assertThat(column(data, "small")).containsExactly(0, -1, NONE, -3, -4, -5);
            assertThat(column(data, "price")).containsExactly(1.25, 1.26, 1.27, 1.28, 1.29, 1.30);
            assertThat(column(data, "long_price")).containsExactly(-1.25, -1.26, -1.27, -1.28, -1.29, -1.30);
            assertThat(column(data, "huge")).containsExactly(of(n, i -> 1));
            assertThat(column(data, "half")).containsExactly(of(n, i -> i + 0.5));
            assertThat(column(data, "day")).containsExactly(of(n, i -> -1 - i));
            assertThat(column(data, "ms")).containsExactly(of(n, i -> 1.7e9 + 0.25 + 60 * i));
            assertThat(column(data, "us")).containsExactly(of(n, i -> 1.7e9 + (1 + i) / 1e6));
            assertThat(column(data, "ns")).containsExactly(of(n, i -> -i - 1 + 999_999_999 / 1e9));
            assertThat(column(data, "clock")).containsExactly(of(n, i -> 3600 * i));
            assertThat(column(data, "flag")).containsExactly(1, 0, 1, 0, NONE, 0);
            assertThat(column(data, "text")).containsExactly(0, NONE, 1, 2, 3, 4);
            assertThat(column(data, "kind")).containsExactly(0, 1, 0, 1, 1, 0);
            assertThat(column(data, "sepal.length")).containsExactly(of(n, i -> i / 3.0));
            assertThat(column(data, "embedding[1]")).containsExactly(.25, 1.25, 2.25, NONE, 4.25, 5.25);
            assertThat(column(data, "pair[0]")).containsExactly(of(n, i -> i));
            assertThat(column(data, "pair[1]")).containsExactly(of(n, i -> NONE));
            assertThat(column(data, "place.y")).containsExactly(of(n, i -> -i));
            assertThat(column(data, "empty")).containsExactly(of(n, i -> NONE));
            Table table = data.table().orElseThrow();
            assertThat(table.columns())
                    .contains(
                            Column.of("day", Column.Kind.DATE),
                            Column.of("ns", Column.Kind.TIMESTAMP),
                            Column.of("flag", Column.Kind.BOOLEAN),
                            Column.category("kind", List.of("b", "a")),
                            Column.category("text", List.of("", "éé", "ééé", "éééé", "ééééé")));
            assertThat(data.dtype()).isEqualTo("mixed");
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void readsTheOtherEncodings() throws IOException {
        try (DataSource types = open(resource("types.parquet"), PLAIN);
                DataSource other = open(resource("encodings.parquet"), PLAIN);
                DataSource old = open(resource("int96.parquet"), PLAIN)) {
            for (String name : other.columnNames()) {
                assertThat(column(other, name)).as(name).containsExactly(column(types, name));
            }
            assertThat(other.columns()).isEqualTo(8);
            assertThat(column(old, "ns")).containsExactly(column(types, "ns"));
        }
    }

    /** The nearest double of the first is the year 10000. */
    @Test
    void theLastMicrosecondOfAYearIsInThisYear() throws IOException {
        try (DataSource data = open(resource("last-microsecond.parquet"), PLAIN)) {
            assertThat(column(data, "time")).containsExactly(Math.nextDown(253_402_300_800.0), -1 + 0.999_999);
        }
    }

    @Test
    void leavesOutTheIndexOfPandas() throws IOException {
        try (DataSource data = open(resource("pandas.parquet"), PLAIN)) {
            assertThat(data.columnNames()).containsExactly("x");
        }
        assertThat(notes).singleElement().asString().contains("column 'key' is the index of pandas", "--keep-index");
        ColumnRoles id = ColumnRoles.none().withId(Optional.of("key"));
        try (DataSource kept = open(
                        resource("pandas.parquet"),
                        PLAIN.withText(TextOptions.defaults().withKeepIndex(true)));
                DataSource named = open(resource("pandas.parquet"), PLAIN.withRoles(id))) {
            assertThat(kept.columnNames()).containsExactly("x", "key");
            assertThat(named.ids()).contains(List.of("p", "q"));
        }
        assertThat(notes).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "kind, 'b,a'",
        "u32, '3000000000,3000000001,3000000002,3000000003,3000000004,3000000005'",
        "price, '1.25,1.26,1.27,1.28,1.29,1.30'",
        "day, '1969-12-26,1969-12-27,1969-12-28,1969-12-29,1969-12-30,1969-12-31'",
    })
    void labelsAreTheTextsOfTheColumn(String column, String names) throws IOException {
        try (DataSource data = open(resource("types.parquet"), PLAIN.withLabel(column))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactlyInAnyOrder(names.split(","));
        }
    }

    @Test
    void measurementsAreNotLabels() {
        assertThatThrownBy(() -> open(resource("types.parquet"), PLAIN.withLabel("half")))
                .hasMessageContaining("row 0, column 'half' holds 0.5; labels are text or whole numbers");
        assertThatThrownBy(() -> open(resource("types.parquet"), PLAIN.withLabel("flag")))
                .hasMessageContaining("row 4, column 'flag' is empty; every row needs a label");
    }

    @Test
    void readsAFolderOfParts() throws IOException {
        Path parts = Files.createDirectory(folder.resolve("parts"));
        Files.copy(resource("zstd.parquet"), parts.resolve("part-0.parquet"));
        Files.copy(resource("gzip.parquet"), parts.resolve("part-1.parquet"));
        Files.createFile(parts.resolve("_SUCCESS"));
        Files.createFile(parts.resolve(".part-1.parquet.crc"));
        try (DataSource data = open(parts, PLAIN.withLabel("tree"))) {
            assertThat(data.rows()).isEqualTo(14);
            assertThat(column(data, "whole")[13]).isEqualTo(60);
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 2, 1, 0, 2, 1, 0, 0, 2, 1, 0, 2, 1, 0);
            assertThat(data.sha256()).hasSize(64);
        }
        Files.copy(resource("nulls.parquet"), parts.resolve("part-2.parquet"));
        assertThatThrownBy(() -> open(parts, PLAIN))
                .hasMessageContaining("part-2.parquet has no column 'whole' of the type of the other parts");
    }

    @Test
    void partitionedFoldersAreRefused() throws IOException {
        Path parts = folder.resolve("table");
        Path one = Files.createDirectories(parts.resolve("year=2024/month=1"));
        Files.copy(resource("zstd.parquet"), one.resolve("part-0.parquet"));
        assertThatThrownBy(() -> open(parts, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(
                        parts
                                + " is partitioned into folders such as year=2024; Heddle reads one of them, without the column 'year', or all rows written to one Parquet file");
        assertThatThrownBy(() -> open(one.getParent(), PLAIN)).hasMessageContaining("folders such as month=1");
        try (DataSource data = open(one, PLAIN.withLabel("tree"))) {
            assertThat(data.rows()).isEqualTo(7);
        }
    }

    @Test
    void refusesFilesWithoutATable() {
        assertThatThrownBy(() -> open(resource("lists.parquet"), PLAIN))
                .hasMessageContaining("column 'v': row 1 has a list of 1 values, but the first has 2");
        assertThatThrownBy(() -> open(resource("brotli.parquet"), PLAIN))
                .hasMessageContaining("compressed with Brotli");
    }

    /** Its page would be written beyond the 64 bytes that it declares. */
    @ParameterizedTest
    @ValueSource(strings = {"evil.parquet", "hang.parquet"})
    void refusesFalseSizesInOneSentence(String name) {
        // The limit of the clock is high because other programs may run; the limit of this thread's processor time is
        // not.
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            long start = CPU.getCurrentThreadCpuTime();
            assertThatThrownBy(() -> open(resource(name), PLAIN))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining(name + " cannot be read as Parquet: column '")
                    .hasMessageContaining("a page declares ");
            assertThat(CPU.getCurrentThreadCpuTime() - start).as("nanoseconds").isLessThan(MAXIMUM_NANOSECONDS);
        });
    }

    /** A damaged file is read or refused, within a limit of processor time. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "snappy.parquet",
                "gzip.parquet",
                "zstd.parquet",
                "encodings.parquet",
                "types.parquet",
                "lists.parquet",
                "pandas.parquet"
            })
    void damagedFilesAreRefusedOrRead(String name) throws IOException {
        byte[] whole = Files.readAllBytes(resource(name));
        SplittableRandom random = new SplittableRandom(whole.length);
        Path file = folder.resolve(name);
        for (int round = 0; round < 300; round++) {
            byte[] damaged = whole.clone();
            for (int k = random.nextInt(1, 4); k > 0; k--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            byte[] bytes = round % 10 > 0 ? damaged : Arrays.copyOf(damaged, random.nextInt(damaged.length));
            Files.write(file, bytes);
            long start = CPU.getCurrentThreadCpuTime();
            try {
                open(file, PLAIN).close();
            } catch (DataFormatException | InvalidInputException e) {
                assertThat(e.getMessage()).contains(name).doesNotContain("\n");
            } catch (IOException | RuntimeException e) {
                fail("round " + round + " of " + name, e);
            }
            assertThat(CPU.getCurrentThreadCpuTime() - start)
                    .as("nanoseconds of round %d", round)
                    .isLessThan(MAXIMUM_NANOSECONDS);
        }
    }

    /** A small file with large contents is refused before it is read if the memory is too small. */
    @Test
    void narrowTablesUseEightBytesPerValue() throws IOException {
        try (DataSource data = open(resource("runs.parquet"), PLAIN.withLabel("kind"))) {
            assertThat(data.rows()).isEqualTo(1_000_000);
            assertThat(column(data, "c15")[999_999]).isEqualTo(24);
            assertThat(column(data, "c0")[100_000]).isEqualTo(1);
        }
        assertThatThrownBy(() -> Memory.requireRoomForTable("t.parquet", 1L << 40, 1))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("as doubles exceed");
    }
}
