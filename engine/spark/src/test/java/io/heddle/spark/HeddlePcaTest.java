package io.heddle.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.ModelFile;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.spark.partition.BlockStore;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class HeddlePcaTest {
    private static final int D = 20;
    private static final int K = 4;
    private static final float[][] X = LocalSpark.clusters(1000, D, 5, 1);

    private static HeddlePca estimator() {
        return new HeddlePca().setK(K).setInputCol("features").setOutputCol("z");
    }

    private static FloatMatrix matrix() {
        return FloatMatrix.allocate(X.length, D, m -> {
            for (int i = 0; i < X.length; i++) {
                m.setRow(i, X[i]);
            }
        });
    }

    @AfterEach
    void nothingIsLeftOutsideTheHeap() {
        assertThat(BlockStore.executor().bytes()).isZero();
        assertThat(BlockStore.executor().partitions()).isZero();
        assertThat(BlockStore.executor().scratches()).isZero();
        assertThat(TaskModel.open()).isZero();
    }

    @Test
    void findsTheComponentsOfTheCore() {
        HeddlePcaModel found = estimator().fit(LocalSpark.vectors(X, 3));
        try (FloatMatrix x = matrix();
                PcaModel expected = Pca.fit(x, Pca.Options.defaults().withComponents(K));
                PcaModel model = found.toPcaModel()) {
            for (int i = 0; i < K; i++) {
                double cosine = 0;
                for (int j = 0; j < D; j++) {
                    cosine += (double) model.components().get(i, j)
                            * expected.components().get(i, j);
                }
                assertThat(Math.acos(Math.min(1, cosine))).isLessThan(1e-4 + 1e-3);
                assertThat(model.explainedVariance()[i] / expected.explainedVariance()[i])
                        .isCloseTo(1, within(1e-5));
            }
            assertThat(model.exactMean()).containsExactly(expected.exactMean(), within(1e-9));
            assertThat(model.totalVariance())
                    .isCloseTo(expected.totalVariance(), within(1e-6 * expected.totalVariance()));
            assertThat(found.explainedVariance().toArray())
                    .containsExactly(expected.explainedVarianceRatio(), within(1e-6));
        }
        assertThat(found.pc().numRows()).isEqualTo(D);
        assertThat(found.pc().numCols()).isEqualTo(K);
        assertThat(found.rows()).isEqualTo(X.length);
    }

    @Test
    void transformsAsTheCoreDoes() {
        HeddlePcaModel found = estimator().fit(LocalSpark.vectors(X, 3));
        List<Row> rows = found.transform(LocalSpark.arrays(X, 2)).select("z").collectAsList();
        try (PcaModel model = found.toPcaModel()) {
            float[] out = new float[K];
            for (int i = 0; i < X.length; i++) {
                model.transform(X[i], out);
                double[] z = ((Vector) rows.get(i).get(0)).toArray();
                for (int c = 0; c < K; c++) {
                    assertThat(z[c]).isEqualTo(out[c]);
                }
            }
        }
    }

    @Test
    void arraysOfFloatsGiveTheBitsOfVectors() {
        HeddlePcaModel fromVectors = estimator().fit(LocalSpark.vectors(X, 3));
        HeddlePcaModel fromArrays = estimator().fit(LocalSpark.arrays(X, 3));
        assertThat(fromArrays.pc().toArray()).containsExactly(fromVectors.pc().toArray());
        assertThat(fromArrays.mean().toArray())
                .containsExactly(fromVectors.mean().toArray());
    }

    /** More partitions than the driver merges alone: tasks merge neighbouring sums. */
    @Test
    void manyPartitionsAreMergedInGroups() {
        Dataset<Row> data = LocalSpark.vectors(X, 34);
        HeddlePcaModel inGroups = estimator().fit(data);
        HeddlePcaModel again = estimator().fit(data);
        HeddlePcaModel byTheDriver = estimator().setAggregationDepth(1).fit(data);
        assertThat(again.pc().toArray()).containsExactly(inGroups.pc().toArray());
        assertThat(byTheDriver.pc().toArray()).containsExactly(inGroups.pc().toArray(), within(1e-6));
    }

    @Test
    void subspaceIterationFindsTheSameComponents() {
        int d = 90;
        float[][] x = new float[200][d];
        java.util.Random random = new java.util.Random(6);
        for (float[] row : x) {
            double first = 30 * random.nextGaussian();
            double second = 10 * random.nextGaussian();
            for (int j = 0; j < d; j++) {
                row[j] = (float) (5 + first * Math.sin(j) + second * Math.cos(3 * j) + 0.01 * random.nextGaussian());
            }
        }
        HeddlePcaModel found =
                estimator().setK(2).setSolver(HeddlePca.RANDOMIZED).fit(LocalSpark.arrays(x, 3));
        try (FloatMatrix matrix = FloatMatrix.allocate(x.length, d, m -> {
                    for (int i = 0; i < x.length; i++) {
                        m.setRow(i, x[i]);
                    }
                });
                PcaModel expected =
                        Pca.fit(matrix, Pca.Options.defaults().withComponents(2).withSolver(Pca.Solver.COVARIANCE));
                PcaModel model = found.toPcaModel()) {
            assertThat(model.solver()).isEqualTo(Pca.Solver.RANDOMIZED);
            assertThat(model.converged()).isTrue();
            assertThat(model.explainedVarianceRatio()).containsExactly(expected.explainedVarianceRatio(), within(1e-6));
            for (int j = 0; j < d; j++) {
                assertThat(model.components().get(1, j))
                        .isCloseTo(expected.components().get(1, j), within(1e-4f));
            }
        }
    }

    @Test
    void emptyPartitionsChangeNothing() {
        float[][] few = java.util.Arrays.copyOf(X, 30);
        HeddlePcaModel spread = estimator().fit(LocalSpark.vectors(few, 34));
        HeddlePcaModel together = estimator().fit(LocalSpark.vectors(few, 1));
        assertThat(spread.pc().toArray()).containsExactly(together.pc().toArray(), within(1e-5));
    }

    @Test
    void isAStageOfAPipelineThatIsWrittenAndRead(@TempDir Path folder) throws Exception {
        Dataset<Row> data = LocalSpark.vectors(X, 2);
        PipelineModel fitted =
                new Pipeline().setStages(new PipelineStage[] {estimator()}).fit(data);
        fitted.write().save(folder.resolve("pipeline").toString());
        PipelineModel read = PipelineModel.load(folder.resolve("pipeline").toString());
        assertThat(read.transform(data).select("z").collectAsList())
                .isEqualTo(fitted.transform(data).select("z").collectAsList());
        HeddlePca estimator = estimator().setSeed(7);
        estimator.write().save(folder.resolve("estimator").toString());
        HeddlePca same = HeddlePca.load(folder.resolve("estimator").toString());
        assertThat(same.getSeed()).isEqualTo(7);
        assertThat(same.getK()).isEqualTo(K);
        assertThat(same.uid()).isEqualTo(estimator.uid());
    }

    @Test
    void modelFilesAreExchangedWithTheCore(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pca.heddle");
        HeddlePcaModel found = estimator().fit(LocalSpark.vectors(X, 2));
        found.writeModelFile(file);
        float[] expected = new float[K];
        try (SavedModel saved = ModelFile.read(file);
                PcaModel model = found.toPcaModel()) {
            model.transform(X[0], expected);
            float[] out = new float[K];
            saved.pca().transform(X[0], out);
            assertThat(out).containsExactly(expected);
        }
        try (FloatMatrix x = matrix();
                PcaModel core =
                        Pca.fit(x, Pca.Options.defaults().withComponents(K).withStandardize(true))) {
            ModelFile.write(file, core, Provenance.now());
            core.transform(X[5], expected);
        }
        HeddlePcaModel read =
                HeddlePcaModel.readModelFile(file).setInputCol("features").setOutputCol("z");
        double[] z = ((Vector) read.transform(LocalSpark.vectors(X, 2))
                        .select("z")
                        .collectAsList()
                        .get(5)
                        .get(0))
                .toArray();
        for (int c = 0; c < K; c++) {
            assertThat(z[c]).isEqualTo(expected[c]);
        }
    }
}
