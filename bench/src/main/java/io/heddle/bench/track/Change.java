package io.heddle.bench.track;

import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * The change of a run from earlier runs: the ratio of their geometric means with a confidence interval.
 *
 * <p>All computations use logarithms. There are two sources of noise: the variance within a run, and the variance
 * between runs, for example by the layout of memory and other programs. The second is estimated from the earlier runs
 * (DerSimonian and Laird, Controlled Clinical Trials 7, 1986) and has a minimum. The interval is Welch's (Biometrika
 * 34, 1947) with the second variance added.
 *
 * @param ratio this run divided by the earlier ones
 * @param low lower end of the interval
 * @param high upper end
 */
record Change(double ratio, double low, double high) {
    /** Confidence of the interval: one false alarm in 200 on each side. */
    static final double CONFIDENCE = 0.99;
    /** Minimum relative standard deviation between runs of the same code. */
    static final double FLOOR = 0.01;

    /** The logarithms of a run. */
    private record Level(double mean, double variance, int degrees) {
        static Level of(List<Double> samples) {
            double[] logs = samples.stream().mapToDouble(Math::log).toArray();
            double sum = 0;
            for (double l : logs) {
                sum += l;
            }
            double mean = sum / logs.length;
            double squares = 0;
            for (double l : logs) {
                squares += (l - mean) * (l - mean);
            }
            int degrees = logs.length - 1;
            return new Level(mean, squares / degrees / logs.length, degrees);
        }
    }

    /**
     * @param before samples of the earlier runs; at least one run
     * @param now samples of this run
     * @param floor minimum standard deviation between runs
     * @return the change; its interval is 0 to infinity if a run has fewer than two samples
     */
    static Change of(List<List<Double>> before, List<Double> now, double floor) {
        List<Level> levels = before.stream().map(Level::of).toList();
        Level latest = Level.of(now);
        int runs = levels.size();
        double earlier = levels.stream().mapToDouble(Level::mean).average().orElseThrow();
        double difference = latest.mean - earlier;
        if (latest.degrees < 1 || levels.stream().anyMatch(l -> l.degrees < 1)) {
            return new Change(Math.exp(difference), 0, Double.POSITIVE_INFINITY);
        }
        double between = Math.max(floor * floor, betweenRuns(levels));
        double variance = latest.variance + between;
        double fourth = latest.variance * latest.variance / latest.degrees;
        for (Level l : levels) {
            variance += (l.variance + between) / ((double) runs * runs);
            fourth += l.variance * l.variance / Math.pow(runs, 4) / l.degrees;
        }
        // Satterthwaite's degrees of freedom, with the variance between runs treated as known.
        double degrees = fourth > 0 ? variance * variance / fourth : Double.POSITIVE_INFINITY;
        double t = new TDistribution(null, Math.min(degrees, 1e6)).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        double half = t * Math.sqrt(variance);
        return new Change(Math.exp(difference), Math.exp(difference - half), Math.exp(difference + half));
    }

    /** Returns the variance between runs that the samples do not explain; 0 if there are too few runs. */
    private static double betweenRuns(List<Level> levels) {
        double weights = 0;
        double squaredWeights = 0;
        double weighted = 0;
        for (Level l : levels) {
            double w = 1 / Math.max(l.variance, 1e-12);
            weights += w;
            squaredWeights += w * w;
            weighted += w * l.mean;
        }
        if (levels.size() < 2) {
            return 0;
        }
        double mean = weighted / weights;
        double q = 0;
        for (Level l : levels) {
            q += (l.mean - mean) * (l.mean - mean) / Math.max(l.variance, 1e-12);
        }
        return Math.max(0, (q - (levels.size() - 1)) / (weights - squaredWeights / weights));
    }

    /** Returns whether this run is slower beyond the noise. */
    boolean isFall(boolean higherIsBetter) {
        return higherIsBetter ? high < 1 : low > 1;
    }

    /** Returns whether it is faster beyond the noise. */
    boolean isGain(boolean higherIsBetter) {
        return isFall(!higherIsBetter);
    }

    /** Returns the half width of the confidence interval of a run, as a factor; infinite for a single sample. */
    static double spread(List<Double> samples) {
        Level level = Level.of(samples);
        if (level.degrees < 1) {
            return Double.POSITIVE_INFINITY;
        }
        double t = new TDistribution(null, level.degrees).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
        return Math.exp(t * Math.sqrt(level.variance));
    }

    /** Returns the geometric mean. */
    static double level(List<Double> samples) {
        return Math.exp(samples.stream().mapToDouble(Math::log).average().orElseThrow());
    }
}
