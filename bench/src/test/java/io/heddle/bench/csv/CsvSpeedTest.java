package io.heddle.bench.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("slow")
class CsvSpeedTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void bothReadTheSameRows(GeneratedCsv.Digits digits) throws IOException {
        Path file = folder.resolve("t.csv");
        long rows = GeneratedCsv.write(file, 1 << 18, 20, digits);

        assertThat(CsvSpeed.fastCsv(file)).isEqualTo(rows);
        assertThat(CsvSpeed.heddle(file)).isEqualTo(rows);
        assertThat(CsvSpeed.compare(file, 1, 20, digits, 1)).contains("% of its speed");
    }
}
