package io.heddle.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.StreamingKMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.decomposition.IncrementalPca;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.model.ModelFile;
import io.heddle.model.Pipeline;
import io.heddle.model.Provenance;
import io.heddle.model.SavedModel;
import io.heddle.model.Stage;
import io.heddle.neighbors.NeighborIndex;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that models and their files contain the column names and refuse data with other names. */
class FeatureNamesTest {
    private static final int ROWS = 60;
    private static final List<String> NAMES = List.of("age", "price, net", "größe");
    private static final List<String> SWAPPED = List.of("price, net", "age", "größe");
    private static final String FAULT = "column 0 of the data is 'price, net', but 'age' in the training data:"
            + " pass the columns of featureNames() in their order";

    private static FloatMatrix unnamed;
    private static FloatMatrix x;
    private static int[] labels;

    @TempDir
    private Path folder;

    @BeforeAll
    static void make() {
        Random random = new Random(3);
        unnamed = FloatMatrix.allocate(ROWS, NAMES.size());
        labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 2;
            for (int j = 0; j < NAMES.size(); j++) {
                unnamed.set(i, j, (float) (labels[i] * 3 + random.nextGaussian()));
            }
        }
        x = unnamed.withColumnNames(NAMES);
    }

    @AfterAll
    static void free() {
        x.close();
    }

    private static FittedModel logistic(DataMatrix data) {
        return LogisticRegression.fit(data, labels, LogisticRegression.Options.defaults());
    }

    private static PcaModel pca(DataMatrix data) {
        return Pca.fit(data, Pca.Options.defaults().withComponents(2));
    }

    private static FittedModel kMeans(DataMatrix data, KMeans.Distance distance) {
        return KMeans.fit(data, KMeans.Options.defaults().withClusters(2).withDistance(distance), WorkerPool.shared());
    }

    private static FittedModel heads(FloatMatrix data) {
        return NeighborClustering.fit(
                data, NeighborClustering.Options.defaults().withClusters(2).withNeighbors(5), WorkerPool.shared());
    }

    private static void predict(FittedModel model, FloatMatrix data) {
        switch (model) {
            case Classifier c -> c.predict(data);
            case Clusterer c -> c.predict(data);
            case Transformer t -> t.transform(data).close();
            default -> throw new AssertionError(model);
        }
    }

    @Test
    void everyModelHasTheNamesOfItsData() {
        for (FittedModel model : List.of(
                logistic(x),
                pca(x),
                kMeans(x, KMeans.Distance.EUCLIDEAN),
                kMeans(x, KMeans.Distance.COSINE),
                heads(x))) {
            try (model) {
                assertThat(model.featureNames()).as(model.toString()).isEqualTo(NAMES);
                predict(model, x);
                predict(model, unnamed);
                FloatMatrix swapped = x.withColumnNames(SWAPPED);
                assertThatThrownBy(() -> predict(model, swapped))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage(FAULT);
            }
        }
    }

    @Test
    void modelsOfDataWithoutNamesHaveNone() {
        for (FittedModel model :
                List.of(logistic(unnamed), pca(unnamed), kMeans(unnamed, KMeans.Distance.EUCLIDEAN), heads(unnamed))) {
            try (model) {
                assertThat(model.featureNames()).isEmpty();
                predict(model, x);
            }
        }
    }

    @Test
    void scaledCopiesOfTheDataKeepTheNames() {
        try (FloatMatrix tiny = FloatMatrix.allocate(ROWS, NAMES.size())) {
            for (int i = 0; i < ROWS; i++) {
                for (int j = 0; j < NAMES.size(); j++) {
                    tiny.set(i, j, x.get(i, j) * 1e-30f);
                }
            }
            try (FittedModel centres = kMeans(tiny.withColumnNames(NAMES), KMeans.Distance.EUCLIDEAN);
                    FittedModel components = pca(tiny.withColumnNames(NAMES))) {
                assertThat(centres.featureNames()).isEqualTo(NAMES);
                assertThat(components.featureNames()).isEqualTo(NAMES);
            }
        }
    }

    @Test
    void batchesMustHaveTheSameNames() {
        IncrementalPca components = IncrementalPca.of(2);
        components.partialFit(x);
        FloatMatrix swapped = x.withColumnNames(SWAPPED);
        assertThatThrownBy(() -> components.partialFit(swapped)).hasMessage(FAULT);
        try (StreamingKMeans stream = StreamingKMeans.of(2, 1)) {
            stream.partialFit(x);
            assertThatThrownBy(() -> stream.partialFit(swapped)).hasMessage(FAULT);
            try (FittedModel first = components.model(false);
                    FittedModel second = stream.model()) {
                assertThat(first.featureNames()).isEqualTo(NAMES);
                assertThat(second.featureNames()).isEqualTo(NAMES);
            }
        }
    }

    @Test
    void bytesHaveNamesToo() {
        ByteMatrix bytes = ByteMatrix.wrap(MemorySegment.ofArray(new byte[ROWS * NAMES.size()]), ROWS, 3, 1)
                .withColumnNames(SWAPPED);
        assertThat(bytes.columnNames()).isEqualTo(SWAPPED);
        try (Clusterer model = (Clusterer) kMeans(x, KMeans.Distance.EUCLIDEAN);
                FloatMatrix chosen = bytes.gather(new int[] {3})) {
            assertThat(chosen.columnNames()).isEqualTo(SWAPPED);
            assertThatThrownBy(() -> model.predict(bytes)).hasMessage(FAULT);
        }
    }

    @Test
    void namedMatrixSharesTheMemory() {
        FloatMatrix owner = FloatMatrix.allocate(2, 3);
        FloatMatrix named = owner.withColumnNames(NAMES);
        named.set(1, 2, 5);
        assertThat(owner.get(1, 2)).isEqualTo(5);
        assertThat(owner.columnNames()).isEmpty();
        assertThat(named.rows(0, 1).columnNames()).isEqualTo(NAMES);
        assertThat(named.withColumnNames(List.of()).columnNames()).isEmpty();
        named.close();
        owner.close();
        assertThatThrownBy(owner::segment).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> x.withColumnNames(List.of("a", "b")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("2 names do not fit a matrix of 3 columns");
    }

    @Test
    void modelFilesContainTheNames() throws IOException {
        Path file = folder.resolve("model");
        try (PcaModel model = pca(x)) {
            ModelFile.write(file, model, Provenance.now());
        }
        try (SavedModel read = ModelFile.read(file)) {
            assertThat(read.pca().featureNames()).isEqualTo(NAMES);
            assertThat(read.pipeline().featureNames()).isEqualTo(NAMES);
            FloatMatrix swapped = x.withColumnNames(SWAPPED);
            assertThatThrownBy(() -> read.pipeline().transform(swapped)).hasMessage(FAULT);
        }
    }

    @Test
    void namesOfAPipelineAreThoseOfTheStageAfterTheScaling() throws IOException {
        Path file = folder.resolve("pipeline");
        NeighborIndex index;
        try (PcaModel components = pca(x);
                FloatMatrix rows = components.transform((DataMatrix) x)) {
            assertThat(rows.columnNames()).isEmpty();
            index = NeighborIndex.of(rows, labels, 1);
        }
        try (Pipeline pipeline =
                Pipeline.of(Stage.scale(new float[3], new float[] {1, 1, 1}), Stage.of(pca(x)), Stage.of(index))) {
            assertThat(pipeline.featureNames()).isEqualTo(NAMES);
            ModelFile.write(file, pipeline, Provenance.now());
        }
        try (SavedModel read = ModelFile.read(file)) {
            assertThat(read.pipeline().featureNames()).isEqualTo(NAMES);
            assertThat(read.stages().get(1).featureNames()).isEqualTo(NAMES);
            assertThat(read.stages().get(2).featureNames()).isEmpty();
        }
    }

    @Test
    void filesWithoutNamesAreRead() throws IOException {
        Path file = folder.resolve("unnamed");
        try (PcaModel model = pca(unnamed)) {
            ModelFile.write(file, model, Provenance.now());
        }
        try (SavedModel read = ModelFile.read(file)) {
            assertThat(read.metadata()).doesNotContainKey("feature_names");
            assertThat(read.pca().featureNames()).isEmpty();
        }
    }
}
