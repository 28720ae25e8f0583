package io.heddle.bench.training;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.Quality;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.linear.RegularizationPath;
import io.heddle.metrics.ConfusionMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.TearDown;

/** A path of seven elastic nets with decreasing lambda and warm starts. Smile has only L2 and no path. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PathBenchmark {
    private static final double[] LAMBDAS = {0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001};
    private static final double L1_RATIO = 0.5;
    private static final double TOLERANCE = 1e-4;

    @Benchmark
    public void heddle(Heddle side) {
        side.models = RegularizationPath.fit(
                side.data().train(),
                side.data().trainLabels(),
                LAMBDAS,
                LogisticRegression.Options.defaults().withL1Ratio(L1_RATIO).withTolerance(TOLERANCE),
                WorkerPool.shared());
    }

    /** Heddle's data and last models. */
    public static class Heddle extends HeddleSide {
        private List<LogisticModel> models;

        /** The models of the last path, until they are evaluated. */
        List<LogisticModel> models() {
            return models;
        }

        /** Evaluates the last model of the path. */
        @TearDown(Level.Invocation)
        public void judge(Quality.Accuracy quality) {
            int[] predicted = models.getLast().predict(data().test());
            quality.accuracy += ConfusionMatrix.of(data().testLabels(), predicted, data().classes())
                    .accuracy();
            models.forEach(LogisticModel::close);
        }
    }
}
