package io.heddle.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.cluster.KMeans;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the number of steps from which the time left of k-means is estimated. */
class KMeansStepsTest {
    @ParameterizedTest
    @CsvSource({
        "LLOYD, 10, 300",
        "LLOYD, 100000, 300",
        "MINI_BATCH, 10, 300",
        "MINI_BATCH, 1024, 300",
        "MINI_BATCH, 2048, 600"
    })
    void fewRowsHaveNoBatches(KMeans.Algorithm algorithm, long rows, long steps) {
        KMeans.Options options = KMeans.Options.defaults().withAlgorithm(algorithm);
        assertThat(KMeansSteps.maximum(options, rows)).isEqualTo(steps);
    }
}
