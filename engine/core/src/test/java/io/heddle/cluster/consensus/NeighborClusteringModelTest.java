package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.WithMethods;
import io.heddle.cluster.consensus.NeighborClustering.Head;
import io.heddle.cluster.consensus.NeighborClustering.Options;
import io.heddle.cluster.consensus.NeighborClustering.Progress;
import io.heddle.cluster.consensus.NeighborClustering.Restarts;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.matrix.OpenMemory;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NeighborGraph;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Options of neighbour clustering, the parts of its model, and predictions against heads in double. */
class NeighborClusteringModelTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int CLUSTERS = 4;
    private static final List<String> NAMES = List.of("length", "width");

    private final Options options = Options.defaults()
            .withClusters(CLUSTERS)
            .withHead(Head.defaults().withHidden(5).withInputScale(3))
            .withRestarts(new Restarts(2, 3, 1, 2, 5, 2));

    private static FloatMatrix data(int rows) {
        SplittableRandom random = new SplittableRandom(3);
        FloatMatrix x = FloatMatrix.allocate(rows, 2).withColumnNames(NAMES);
        for (int i = 0; i < rows; i++) {
            x.set(i, 0, (float) random.nextGaussian());
            x.set(i, 1, (float) random.nextGaussian());
        }
        return x;
    }

    private NeighborClusteringModel model(double agreement) {
        SplittableRandom random = new SplittableRandom(1);
        List<ConsistencyHead> heads =
                List.of(new ConsistencyHead(3, 5, CLUSTERS, random), new ConsistencyHead(3, 5, CLUSTERS, random));
        int[][] aligned = {{0, 1, 2, 3}, {2, 0, 3, 1}};
        try (FloatMatrix x = data(6)) {
            return new NeighborClusteringModel(
                    heads, aligned, options, x, new int[] {3, 1, 3, 3, 1, 1}, new double[] {-2, -1.5}, agreement);
        }
    }

    private static ConsistencyHead head(int number) {
        SplittableRandom random = new SplittableRandom(1);
        ConsistencyHead first = new ConsistencyHead(3, 5, CLUSTERS, random);
        if (number == 0) {
            return first;
        }
        first.close();
        return new ConsistencyHead(3, 5, CLUSTERS, random);
    }

    @Test
    void partsAreReported() {
        try (NeighborClusteringModel model = model(0.8);
                NeighborClusteringModel lower = model(0.79);
                NeighborClusteringModel single = model(Double.NaN)) {
            assertThat(model.clusters()).isEqualTo(4);
            assertThat(model.inputs()).isEqualTo(2);
            assertThat(model.featureNames()).isEqualTo(NAMES);
            assertThat(model.labels()).containsExactly(3, 1, 3, 3, 1, 1);
            model.labels()[0] = 7;
            assertThat(model.labels()[0]).isEqualTo(3);
            assertThat(model.emptyClusters()).containsExactly(0, 2);
            assertThat(model.agreement()).isEqualTo(0.8);
            assertThat(model.converged()).isTrue();
            assertThat(lower.converged()).isFalse();
            assertThat(single.converged()).isFalse();
            assertThat(model.iterations()).isEqualTo(2 * 3 + 2 * (1 + 5));
            assertThat(model.loss()).isEqualTo(-2);
            assertThat(model.losses()).containsExactly(-2, -1.5);
            model.losses()[0] = 9;
            assertThat(model.loss()).isEqualTo(-2);
            assertThat(model).hasToString("NeighborClusteringModel[4 clusters of 2 columns, loss -2.0]");
        }
    }

    /** More rows than in a block; the clusters of the second head have other numbers. */
    @Test
    void probabilitiesAreTheMeanOfTheHeads() {
        int rows = 300;
        int[] second = {2, 0, 3, 1};
        try (NeighborClusteringModel model = model(1);
                ConsistencyHead one = head(0);
                ConsistencyHead two = head(1);
                FloatMatrix x = data(rows);
                FloatMatrix found = model.probabilities(x, POOL)) {
            HeadReference first = new HeadReference(one);
            HeadReference other = new HeadReference(two);
            int[] labels = model.predict(x, POOL);
            assertThat(labels).hasSize(rows);
            for (int i = 0; i < rows; i++) {
                double[] row = {3 * x.get(i, 0), 3 * x.get(i, 1), 1};
                double[] expected = first.probabilities(row);
                double[] more = other.probabilities(row);
                for (int k = 0; k < CLUSTERS; k++) {
                    expected[k] /= 2;
                }
                for (int k = 0; k < CLUSTERS; k++) {
                    expected[second[k]] += more[k] / 2;
                }
                int best = 0;
                for (int k = 0; k < CLUSTERS; k++) {
                    assertThat((double) found.get(i, k)).isCloseTo(expected[k], within(1e-6));
                    best = expected[k] > expected[best] ? k : best;
                }
                assertThat(labels[i]).isEqualTo(best);
            }
        }
    }

    @Test
    void rowsThatDoNotFitAreRefused() {
        try (NeighborClusteringModel model = model(1);
                FloatMatrix wide = FloatMatrix.allocate(2, 3);
                FloatMatrix x = data(5)) {
            assertThatThrownBy(() -> model.predict(wide, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("data of 3 columns does not fit a clustering of 2 columns");
            FloatMatrix renamed = x.withColumnNames(NAMES.reversed());
            assertThatThrownBy(() -> model.predict(renamed, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0 of the data is 'width'");
            x.set(3, 1, Float.NaN);
            assertThatThrownBy(() -> model.predict(x, POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("NaN in row 3, column 1");
            model.close();
            assertThat(OpenMemory.of(model)).isEmpty();
        }
    }

    @Test
    void eachWithMethodChangesOneComponent() throws ReflectiveOperationException {
        Consumer<Progress> progress = p -> {};
        WithMethods.assertEachChangesOneComponent(
                Head.defaults(),
                Map.of(
                        "hidden", 7,
                        "inputScale", 0.5,
                        "entropyWeight", 1.5,
                        "learningRate", 0.1,
                        "weightDecay", 0.2,
                        "batchSize", 9));
        WithMethods.assertEachChangesOneComponent(
                Restarts.defaults(),
                Map.of(
                        "heads", 9,
                        "epochs", 8,
                        "generations", 7,
                        "successors", 6,
                        "successorEpochs", 5,
                        "votes", 2));
        WithMethods.assertEachChangesOneComponent(
                Options.defaults(),
                Map.of(
                        "clusters",
                        7,
                        "neighbors",
                        6,
                        "head",
                        Head.defaults().withHidden(3),
                        "restarts",
                        Restarts.defaults().withHeads(2),
                        "smoothing",
                        5,
                        "seed",
                        8L,
                        "progress",
                        progress));
        assertThat(new Restarts(3, 5, 2, 4, 7, 1).totalEpochs()).isEqualTo(3 * 5 + 2 * 4 * 8);
    }

    private static void refused(String message, Supplier<?> values) {
        assertThatThrownBy(values::get)
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        Head head = Head.defaults();
        refused("a head has 1 to 4096 units, not 0", () -> head.withHidden(0));
        refused("a head has 1 to 4096 units, not 4097", () -> head.withHidden(4097));
        refused("the input scale must be a finite number above 0, not 0.0", () -> head.withInputScale(0));
        refused(
                "the input scale must be a finite number above 0, not Infinity",
                () -> head.withInputScale(Double.POSITIVE_INFINITY));
        String entropy = "the entropy weight must be a finite number of at least 0, not ";
        refused(entropy + "-1.0", () -> head.withEntropyWeight(-1));
        refused(entropy + "Infinity", () -> head.withEntropyWeight(Double.POSITIVE_INFINITY));
        refused("the learning rate must be a finite number above 0, not 0.0", () -> head.withLearningRate(0));
        refused("the weight decay must be a finite number of at least 0, not -1.0", () -> head.withWeightDecay(-1));
        refused("a batch has 1 to 1048576 pairs, not 0", () -> head.withBatchSize(0));
        refused("a batch has 1 to 1048576 pairs, not 1048577", () -> head.withBatchSize(1048577));
        assertThat(new Head(1, 1e-300, 0, 1e-300, 0, 1).hidden()).isEqualTo(1);
        assertThat(new Head(4096, 1, 0, 1, 0, 1 << 20).batchSize()).isEqualTo(1 << 20);
        refused("at least 1 head is needed, not 0", () -> new Restarts(0, 1, 0, 1, 1, 1));
        refused("a head is trained for at least 1 epoch, not 0", () -> new Restarts(1, 0, 0, 1, 1, 1));
        refused("there can be 0 or more generations, not -1", () -> new Restarts(1, 1, -1, 1, 1, 1));
        refused("a generation has at least 1 head, not 0", () -> new Restarts(1, 1, 0, 0, 1, 1));
        refused("a successor is trained for at least 1 epoch, not 0", () -> new Restarts(1, 1, 0, 1, 0, 1));
        refused("1 to 3 heads can vote, not 0", () -> new Restarts(3, 1, 0, 9, 1, 0));
        refused("1 to 3 heads can vote, not 4", () -> new Restarts(3, 1, 0, 9, 1, 4));
        refused("1 to 2 heads can vote, not 3", () -> new Restarts(9, 1, 1, 2, 1, 3));
        assertThat(new Restarts(1, 1, 0, 1, 1, 1).votes()).isEqualTo(1);
        refused("neighbour clustering needs at least 2 clusters, not 1", () -> options.withClusters(1));
        refused("the number of neighbours must be at least 1, not 0", () -> options.withNeighbors(0));
        refused("diffusion requires 0 or more iterations, not -1", () -> options.withSmoothing(-1));
        assertThat(options.withClusters(2).withNeighbors(1).withSmoothing(0).clusters())
                .isEqualTo(2);
    }

    /** The heads, their votes and the smoothed labels of a fit are those of its parts. */
    @Test
    void aFitVotesAndSmooths() {
        Options small = options.withNeighbors(4)
                .withHead(options.head().withBatchSize(40))
                .withSmoothing(3);
        try (FloatMatrix x = data(120);
                FloatMatrix inputs = NeighborClustering.inputs(x, 3, POOL)) {
            for (int i = 0; i < 120; i++) {
                assertThat(inputs.get(i, 0)).isEqualTo(3 * x.get(i, 0));
                assertThat(inputs.get(i, 1)).isEqualTo(3 * x.get(i, 1));
                assertThat(inputs.get(i, 2)).isEqualTo(1);
            }
            Neighbors neighbors = NearestNeighbors.within(
                    x, NearestNeighbors.Options.defaults().withNeighbors(4));
            try (NeighborClusteringModel model = NeighborClustering.fit(x, small);
                    NeighborClusteringModel shared = NeighborClustering.fit(x, neighbors, small, POOL);
                    HeadSelection selection = new HeadSelection(inputs, neighbors, small, POOL);
                    FloatMatrix votes = selection.votes(selection.align(), POOL);
                    FloatMatrix smooth = NeighborGraph.of(neighbors).diffuse(votes, 3, POOL)) {
                assertThat(model.losses()).containsExactly(selection.losses());
                assertThat(model.agreement()).isEqualTo(selection.agreement());
                assertThat(model.labels()).isEqualTo(Consensus.labels(smooth));
                assertThat(shared.labels()).isEqualTo(model.labels());
                assertThat(shared.losses()).containsExactly(selection.losses());
                assertThat(model.featureNames()).isEqualTo(NAMES);
                assertThat(Arrays.stream(model.labels()).distinct().count()).isGreaterThan(1);
            }
        }
    }

    @Test
    void dataThatDoNotFitAreRefused() {
        try (FloatMatrix x = data(9);
                FloatMatrix few = data(8);
                FloatMatrix far = FloatMatrix.allocate(9, 2)) {
            Neighbors neighbors = NearestNeighbors.within(
                    x, NearestNeighbors.Options.defaults().withNeighbors(4));
            refused(
                    "neighbours of 9 rows do not fit 8 rows",
                    () -> NeighborClustering.fit(few, neighbors, options.withNeighbors(4), POOL));
            refused(
                    "4 neighbours of each row were found, but 5 are needed",
                    () -> NeighborClustering.fit(x, neighbors, options.withNeighbors(5), POOL));
            refused(
                    "neighbour clustering cannot find 10 clusters in 9 rows",
                    () -> NeighborClustering.fit(
                            x, neighbors, options.withNeighbors(4).withClusters(10), POOL));
            for (int i = 0; i < 9; i++) {
                far.set(i, 0, 6e8f + 64 * (i % 2));
            }
            assertThatThrownBy(() -> NeighborClustering.fit(far, neighbors, options.withNeighbors(4), POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 0");
            try (NeighborClusteringModel all = NeighborClustering.fit(
                    x, neighbors, options.withNeighbors(4).withClusters(9), POOL)) {
                assertThat(all.labels()).hasSize(9);
            }
        }
    }
}
