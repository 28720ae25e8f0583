package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests tables whose values, and whose labels, are larger than the Java heap. */
@Tag("slow")
class LargeTableTest {
    private static final int ROWS = 400_000;
    private static final String HEAP = "-Xmx28m";

    @TempDir
    Path folder;

    @TempDir
    Path beside;

    private void assertRead(String command, String heap) throws IOException, InterruptedException {
        try (HeddleProcess heddle = HeddleProcess.start(
                folder, beside.resolve("err"), List.of(), List.of(heap), List.of(command.split(" ")))) {
            assertThat(heddle.await()).as(heddle.said().toString()).isZero();
        }
    }

    @Test
    void csvIsReadRowByRow() throws IOException, InterruptedException {
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("table.csv"))) {
            out.write("a,b,c,d,e,f,g,h,i,j,k,l,kind\n");
            for (int i = 0; i < ROWS; i++) {
                out.write(
                        "%d,.5,1,2,3,4,5,6,7,8,9,%d,the kind of item that has the number %d\n".formatted(i, -i, i % 7));
            }
        }
        assertRead("data convert table.csv table.npz --label kind", HEAP);

        try (DataSource data =
                DataSource.open(folder.resolve("table.npz").toString(), DataOptions.defaults(), l -> {})) {
            assertThat(data.rows()).isEqualTo(ROWS);
            assertThat(data.labels().orElseThrow().classNames()).hasSize(7);
            assertThat(data.labels().orElseThrow().values()[ROWS - 1]).isEqualTo((ROWS - 1) % 7);
            try (var last = data.read(ROWS - 1, ROWS)) {
                assertThat(last.get(0, 0)).isEqualTo(ROWS - 1);
                assertThat(last.get(0, 11)).isEqualTo(1 - ROWS);
            }
        }
    }

    @Test
    void parquetIsReadInBatches() throws Exception {
        Files.copy(
                Path.of("../engine/data/src/test/resources/io/heddle/data/parquet/runs.parquet"),
                folder.resolve("runs.parquet"));
        assertRead("data convert runs.parquet runs.npz --label kind", "-Xmx72m");

        try (DataSource data =
                DataSource.open(folder.resolve("runs.npz").toString(), DataOptions.defaults(), l -> {})) {
            assertThat(data.rows()).isEqualTo(1_000_000);
            assertThat(data.labels().orElseThrow().classNames()).hasSize(10);
            try (var last = data.read(999_999, 1_000_000)) {
                assertThat(last.get(0, 15)).isEqualTo(24);
            }
        }
    }
}
