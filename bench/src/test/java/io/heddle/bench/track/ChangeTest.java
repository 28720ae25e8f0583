package io.heddle.bench.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeTest {
    private static final int TRIALS = 2_000;

    /** Samples of a run: a level, which varies between runs, and noise within the run. */
    private static List<Double> run(SplittableRandom random, double level, double between, double within, int samples) {
        double own = Math.log(level) + between * random.nextGaussian();
        List<Double> run = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            run.add(Math.exp(own + within * random.nextGaussian()));
        }
        return run;
    }

    private static List<List<Double>> runs(
            SplittableRandom random, int count, double between, double within, int samples) {
        List<List<Double>> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(run(random, 1, between, within, samples));
        }
        return runs;
    }

    /** scipy.stats.ttest_ind(log(now), log(before), equal_var=False).confidence_interval(0.99), exponentiated. */
    @Test
    void isWelchsIntervalIfRunsDoNotDiffer() {
        Change c = Change.of(List.of(List.of(1.00, 1.02, 0.99, 1.01, 0.97)), List.of(1.10, 1.13, 1.08, 1.12), 0);
        assertThat(c.ratio()).isCloseTo(1.1097177485, within(1e-6));
        assertThat(c.low()).isCloseTo(1.0579625116, within(1e-6));
        assertThat(c.high()).isCloseTo(1.1640048362, within(1e-6));
    }

    /** Repeated measurements of the same code are reported as slower or faster no more often than the error rate. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void noiseIsRarelyReportedAsAChange(int earlier) {
        SplittableRandom random = new SplittableRandom(earlier);
        int alarms = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            Change c = Change.of(
                    runs(random, earlier, Change.FLOOR, 0.03, 5), run(random, 1, Change.FLOOR, 0.03, 5), Change.FLOOR);
            alarms += c.isFall(false) || c.isGain(false) ? 1 : 0;
        }
        // The limit is 1 %. With this number of trials, 2 % would be ten standard deviations above it.
        assertThat(alarms / (double) TRIALS).isLessThan(0.02);
    }

    @Test
    void variationBetweenRunsWidensTheInterval() {
        SplittableRandom random = new SplittableRandom(3);
        int alarms = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            Change c = Change.of(runs(random, 5, 0.05, 0.005, 5), run(random, 1, 0.05, 0.005, 5), Change.FLOOR);
            alarms += c.isFall(false) || c.isGain(false) ? 1 : 0;
        }
        // The variation of five runs is uncertain, so the limit is above 1 %. Without the variation it would be 80 %.
        assertThat(alarms / (double) TRIALS).isLessThan(0.10);
    }

    @Test
    void detectsARegressionBeyondTheNoise() {
        SplittableRandom random = new SplittableRandom(4);
        int seen = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            Change c = Change.of(
                    runs(random, 3, Change.FLOOR, 0.01, 5), run(random, 1.1, Change.FLOOR, 0.01, 5), Change.FLOOR);
            assertThat(c.isGain(false)).isFalse();
            seen += c.isFall(false) ? 1 : 0;
        }
        assertThat(seen / (double) TRIALS).isGreaterThan(0.98);
    }

    @Test
    void ratesDecreaseIfTimesIncrease() {
        Change slower = Change.of(List.of(List.of(2.0, 2.01, 1.99)), List.of(1.0, 1.01, 0.99), Change.FLOOR);
        assertThat(slower.isFall(true)).isTrue();
        assertThat(slower.isFall(false)).isFalse();
        assertThat(slower.isGain(false)).isTrue();
    }

    @Test
    void singleSamplesAreNoChange() {
        Change c = Change.of(List.of(List.of(1.0)), List.of(5.0), Change.FLOOR);
        assertThat(c.ratio()).isCloseTo(5, within(1e-12));
        assertThat(c.isFall(false)).isFalse();
        assertThat(TrackPage.textOf(c)).isEqualTo("× 5.000, from single samples");
    }
}
