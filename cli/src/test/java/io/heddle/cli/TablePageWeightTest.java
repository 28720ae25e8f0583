package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a page without pictures is small, also with many classes, columns and wrong labels. */
@Tag("slow")
class TablePageWeightTest {
    private static final int COLUMNS = 30;
    private static final long MAXIMUM_BYTES = 300_000;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"569, 60", "1000, 100"})
    void theAuditOfManyClassesIsSmall(int rows, int classes) throws IOException {
        Random random = new Random(5);
        double[][] centres = new double[classes][COLUMNS];
        for (double[] centre : centres) {
            for (int j = 0; j < COLUMNS; j++) {
                centre[j] = 3 * random.nextGaussian();
            }
        }
        StringBuilder text = new StringBuilder("diagnosis");
        for (int j = 0; j < COLUMNS; j++) {
            text.append(",mean of property ").append(j);
        }
        for (int i = 0; i < rows; i++) {
            int kind = i % classes;
            // Two of five labels are wrong.
            text.append("\ndiagnosis ").append(random.nextInt(5) < 2 ? random.nextInt(classes) : kind);
            for (int j = 0; j < COLUMNS; j++) {
                text.append(",%.4f".formatted(centres[kind][j] + random.nextGaussian()));
            }
        }
        Path table = Files.writeString(folder.resolve("many.csv"), text.append('\n'));
        Path out = folder.resolve("audit");
        Invocation heddle = Invocation.of(
                "audit", table, "--label", "diagnosis", "--lambda", "0.01", "--max-iterations", 1, "--out", out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        // The number of cards is so large that their size matters.
        assertThat(Files.readAllLines(out.resolve("issues.csv"))).hasSizeGreaterThan(rows / 5);
        assertThat(Files.size(out.resolve("index.html"))).isLessThan(MAXIMUM_BYTES);
    }
}
