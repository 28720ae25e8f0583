package io.heddle.bench.training;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.Quality;
import io.heddle.bench.SmileSide;
import io.heddle.cluster.KMeansModel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import smile.clustering.CentroidClustering;
import smile.clustering.Clustering;
import smile.clustering.KMeans;
import smile.math.MathEx;

/**
 * K-means on all rows from k-means++ initializations, until convergence or 100 iterations.
 *
 * <p>Smile's tolerance is an absolute change of the mean squared distance, Heddle's is relative to the variance; both
 * are 0 here. The inertia is computed from the returned labels and centres in the same way for both.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class LloydBenchmark {
    private static final int ITERATIONS = 100;
    private static final long SEED = 1;

    /** Smile's two algorithms for the same result. */
    public enum Way {
        /** Computes all distances. */
        ROWS,
        /** A tree of boxes around the rows, which is faster for few columns. */
        TREE
    }

    @Benchmark
    public void heddle(Heddle side) {
        side.model = io.heddle.cluster.KMeans.fit(
                side.data().train(),
                io.heddle.cluster.KMeans.Options.defaults()
                        .withAlgorithm(io.heddle.cluster.KMeans.Algorithm.LLOYD)
                        .withClusters(side.clusters)
                        .withMaxIterations(ITERATIONS)
                        .withTolerance(0)
                        .withSeed(SEED));
    }

    @Benchmark
    public void smile(Smile side) {
        MathEx.setSeed(SEED);
        Clustering.Options options = new Clustering.Options(side.clusters, ITERATIONS, 0, null);
        side.model = side.way == Way.ROWS ? KMeans.lloyd(side.train(), options) : KMeans.fit(side.train(), options);
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

    /** Smile's data and last model. */
    public static class Smile extends SmileSide {
        @Param("10")
        int clusters;

        @Param("ROWS")
        Way way;

        private CentroidClustering<double[], double[]> model;

        @TearDown(Level.Invocation)
        public void judge(Quality.Inertia quality) {
            quality.inertia += Inertia.of(train(), model.centers(), model.group());
        }
    }
}
