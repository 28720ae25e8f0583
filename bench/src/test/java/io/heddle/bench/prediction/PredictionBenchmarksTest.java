package io.heddle.bench.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides predict the same, row by row and in a batch. */
class PredictionBenchmarksTest {
    @ParameterizedTest
    @ValueSource(strings = {"500x20x3", "500x20x2"})
    void logistic(String data) throws IOException {
        LogisticPredictionBenchmark benchmark = new LogisticPredictionBenchmark();
        LogisticPredictionBenchmark.Heddle ours = new LogisticPredictionBenchmark.Heddle();
        ours.data = data;
        ours.load();
        ours.fit();
        LogisticPredictionBenchmark.Smile theirs = new LogisticPredictionBenchmark.Smile();
        theirs.data = data;
        theirs.load();
        theirs.fit();

        int[] batch = benchmark.heddleBatch(ours);
        assertThat(benchmark.smileBatch(theirs)).isEqualTo(batch);
        int right = 0;
        for (int i = 0; i < batch.length; i++) {
            int next = (i + 1) % batch.length;
            assertThat(benchmark.heddleRow(ours)).containsExactly(batch[next]);
            assertThat(benchmark.smileRow(theirs)).isEqualTo(batch[next]);
            right += batch[i] == theirs.testLabels()[i] ? 1 : 0;
        }
        assertThat(right).isGreaterThan(batch.length * 8 / 10);
        ours.close();
        ours.free();
    }

    @ParameterizedTest
    @ValueSource(strings = "500x20x3")
    void kMeans(String data) throws IOException {
        KMeansPredictionBenchmark benchmark = new KMeansPredictionBenchmark();
        KMeansPredictionBenchmark.Heddle ours = new KMeansPredictionBenchmark.Heddle();
        ours.data = data;
        ours.clusters = 5;
        ours.load();
        ours.fit();
        KMeansPredictionBenchmark.Smile theirs = new KMeansPredictionBenchmark.Smile();
        theirs.data = data;
        theirs.clusters = 5;
        theirs.load();
        theirs.fit();

        int[] batch = benchmark.heddleBatch(ours);
        assertThat(batch).contains(0, 1, 2, 3, 4);
        assertThat(benchmark.smileBatch(theirs)).isEqualTo(batch);
        for (int i = 0; i < batch.length; i++) {
            int next = (i + 1) % batch.length;
            assertThat(benchmark.heddleRow(ours)).containsExactly(batch[next]);
            assertThat(benchmark.smileRow(theirs)).isEqualTo(batch[next]);
        }
        ours.close();
        ours.free();
    }
}
