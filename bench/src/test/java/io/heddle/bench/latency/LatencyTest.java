package io.heddle.bench.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heddle.bench.BenchData;
import io.heddle.data.fashion.FashionMnist;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class LatencyTest {
    /** The benchmarked calls give Smile's predictions, for every kind of memory. */
    @Test
    void allSidesAnswerTheSame() throws IOException {
        LatencyBenchmark benchmark = new LatencyBenchmark();
        RowLatency.Heddle ours = new RowLatency.Heddle();
        ours.data = "600x20x3";
        ours.fit();
        RowLatency.Smile theirs = new RowLatency.Smile();
        theirs.data = ours.data;
        theirs.fit();
        RowLatency.Turn[] turns = new RowLatency.Turn[5];
        Arrays.setAll(turns, i -> new RowLatency.Turn());
        int[] seen = new int[3];
        for (int call = 0; call < RowModels.ROWS; call++) {
            int label = benchmark.logistic(ours, turns[0]);
            assertThat(benchmark.logisticHeap(ours, turns[1])).isEqualTo(label);
            assertThat(benchmark.smileLogistic(theirs, turns[2])).isEqualTo(label);
            float[] probabilities = benchmark.probabilities(ours, turns[3]);
            for (int c = 0; c < 3; c++) {
                assertThat(probabilities[label]).isGreaterThanOrEqualTo(probabilities[c]);
            }
            assertThat(benchmark.componentsToClusters(ours, turns[4])).isBetween(0, 9);
            seen[label]++;
        }
        assertThat(seen).doesNotContain(0);
        ours.close();
    }

    /** A short soak; the full one takes minutes. It must find no fault. */
    @ParameterizedTest
    @ValueSource(strings = {"600x32x3", "600x33x3"})
    void aShortSoakFindsNoFault(String of) throws IOException, InterruptedException {
        try (BenchData data = BenchData.of(of);
                RowModels models = new RowModels(data)) {
            // Compilation runs beside the test, and code that is not compiled yet allocates: some chances.
            boolean good = false;
            for (int chance = 0; chance < 20 && !good; chance++) {
                Refits refits = chance % 2 == 0 ? new Refits(data, models, 1_000_000) : null;
                good = Soak.run(models, 2, 200_000_000, 2, refits);
            }
            assertThat(good).isTrue();
        }
    }

    @Test
    void theFirstCallsOfAProcessArePrinted() throws IOException, InterruptedException {
        assumeTrue(Files.isDirectory(FashionMnist.Options.defaults().system()));
        List<String> lines = ColdStart.table(1).lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).matches("warmUp\\(\\) +[0-9.]+ +[0-9.]+ +[0-9,]+ +[0-9,]+ +[0-9,]+ +[0-9,]+");
        assertThat(lines.get(2)).startsWith("without ");
    }

    @Test
    void percentilesAreAccurate() {
        Histogram histogram = new Histogram();
        Random random = new Random(1);
        long[] values = random.longs(10_000, 100, 100_000).toArray();
        for (long v : values) {
            histogram.add(v);
        }
        Arrays.sort(values);
        for (int percent : new int[] {1, 50, 90, 99}) {
            double exact = values[values.length * percent / 100 - 1];
            assertThat(histogram.percentile(percent)).isEqualTo(exact, within(0.04 * exact));
        }
        assertThat(histogram.largest()).isEqualTo(values[values.length - 1]);
    }
}
