package io.heddle.bench.training;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.Quality;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;

/** Mini-batch k-means with its defaults. Smile does not have it. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MiniBatchBenchmark {
    private static final long SEED = 1;

    @Benchmark
    public void heddle(Heddle side) {
        side.model = KMeans.fit(
                side.data().train(),
                KMeans.Options.defaults().withClusters(side.clusters).withSeed(SEED));
    }

    /** Heddle's data and last model. */
    public static class Heddle extends HeddleSide {
        @Param("10")
        int clusters;

        private KMeansModel model;

        @TearDown(Level.Invocation)
        public void judge(Quality.Inertia quality) {
            quality.inertia += Inertia.of(data().train(), model);
            model.close();
        }
    }
}
