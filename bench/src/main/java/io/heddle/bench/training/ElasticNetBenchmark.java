package io.heddle.bench.training;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.Quality;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.metrics.ConfusionMatrix;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.TearDown;

/** Logistic regression with an elastic net, lambda 1e-4 and l1Ratio 0.5. Smile has only L2. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ElasticNetBenchmark {
    private static final double LAMBDA = 1e-4;
    private static final double L1_RATIO = 0.5;

    @Benchmark
    public void heddle(Heddle side) {
        side.model = LogisticRegression.fit(
                side.data().train(),
                side.data().trainLabels(),
                LogisticRegression.Options.defaults().withLambda(LAMBDA).withL1Ratio(L1_RATIO));
    }

    /** Heddle's data and last model. */
    public static class Heddle extends HeddleSide {
        private LogisticModel model;

        @TearDown(Level.Invocation)
        public void judge(Quality.Accuracy quality) {
            int[] predicted = model.predict(data().test());
            quality.accuracy += ConfusionMatrix.of(data().testLabels(), predicted, data().classes())
                    .accuracy();
            model.close();
        }
    }
}
