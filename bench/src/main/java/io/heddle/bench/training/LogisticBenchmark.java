package io.heddle.bench.training;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.Quality;
import io.heddle.bench.SmileSide;
import io.heddle.linear.LogisticModel;
import io.heddle.metrics.ConfusionMatrix;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.TearDown;
import smile.classification.LogisticRegression;

/**
 * Logistic regression with an L2 penalty, lambda 1e-4: Heddle to its default certificate, Smile for 100 iterations.
 *
 * <p>Smile sums the losses that Heddle averages, so its λ is n times as large. It has no weights for one class. The
 * objectives differ slightly, so the test accuracy is the measure of both.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class LogisticBenchmark {
    private static final double LAMBDA = 1e-4;
    private static final double SMILE_TOLERANCE = 1e-5;
    private static final int SMILE_ITERATIONS = 100;

    @Benchmark
    public void heddle(Heddle side) {
        side.model = io.heddle.linear.LogisticRegression.fit(
                side.data().train(),
                side.data().trainLabels(),
                io.heddle.linear.LogisticRegression.Options.defaults().withLambda(LAMBDA));
    }

    @Benchmark
    public void smile(Smile side) {
        double[][] x = side.train();
        side.model = LogisticRegression.fit(
                x,
                side.trainLabels(),
                new LogisticRegression.Options(LAMBDA * x.length, SMILE_TOLERANCE, SMILE_ITERATIONS));
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

    /** Smile's data and last model. */
    public static class Smile extends SmileSide {
        private LogisticRegression model;

        @TearDown(Level.Invocation)
        public void judge(Quality.Accuracy quality) {
            int[] predicted = model.predict(test());
            int classes = model.numClasses();
            quality.accuracy +=
                    ConfusionMatrix.of(testLabels(), predicted, classes).accuracy();
        }
    }
}
