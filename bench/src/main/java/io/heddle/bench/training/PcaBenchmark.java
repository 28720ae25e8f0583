package io.heddle.bench.training;

import io.heddle.bench.HeddleSide;
import io.heddle.bench.Quality;
import io.heddle.bench.SmileSide;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.TearDown;
import smile.feature.extraction.PCA;

/**
 * The leading principal components. Smile always finds all of them, by a singular value decomposition in OpenBLAS.
 *
 * <p>Smile's eigenvalues are squared singular values or variances, depending on the path, so shares of the total are
 * compared.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PcaBenchmark {
    @Benchmark
    public void heddle(Heddle side) {
        side.model = Pca.fit(side.data().train(), Pca.Options.defaults().withComponents(side.components));
    }

    @Benchmark
    public void smile(Smile side) {
        side.model = PCA.fit(side.train()).getProjection(side.components);
    }

    /** Heddle's data and last model. */
    public static class Heddle extends HeddleSide {
        @Param("50")
        int components;

        private PcaModel model;

        @TearDown(Level.Invocation)
        public void judge(Quality.Variance quality) {
            quality.variance += Arrays.stream(model.explainedVarianceRatio()).sum();
            model.close();
        }
    }

    /** Smile's data and last model. */
    public static class Smile extends SmileSide {
        @Param("50")
        int components;

        private PCA model;

        @TearDown(Level.Invocation)
        public void judge(Quality.Variance quality) {
            quality.variance += model.cumulativeVarianceProportion().get(components - 1);
        }
    }
}
