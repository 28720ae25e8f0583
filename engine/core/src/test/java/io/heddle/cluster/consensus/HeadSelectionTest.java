package io.heddle.cluster.consensus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.cluster.consensus.NeighborClustering.Head;
import io.heddle.cluster.consensus.NeighborClustering.Options;
import io.heddle.cluster.consensus.NeighborClustering.Progress;
import io.heddle.cluster.consensus.NeighborClustering.Restarts;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Generations of heads against the same heads, trained one after the other. */
class HeadSelectionTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    private static final int ROWS = 80;
    private static final int CLUSTERS = 3;
    private static final int COUNT = 4;

    private FloatMatrix x;
    private FloatMatrix inputs;
    private Neighbors neighbors;
    private final List<Progress> progress = new ArrayList<>();

    private Options options(Restarts restarts) {
        return Options.defaults()
                .withClusters(CLUSTERS)
                .withNeighbors(COUNT)
                .withHead(Head.defaults().withHidden(6).withBatchSize(32))
                .withRestarts(restarts)
                .withProgress(progress::add);
    }

    @BeforeEach
    void data() {
        SplittableRandom random = new SplittableRandom(4);
        x = FloatMatrix.allocate(ROWS, 3);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < 3; j++) {
                x.set(i, j, (float) ((i % 3 == j ? 1 : 0) + 0.4 * random.nextGaussian()));
            }
        }
        inputs = NeighborClustering.inputs(x, 2, POOL);
        neighbors =
                NearestNeighbors.within(x, NearestNeighbors.Options.defaults().withNeighbors(6));
    }

    @AfterEach
    void free() {
        x.close();
        inputs.close();
    }

    /** A trained head and its probabilities of all rows. */
    private record Trained(HeadTraining head, FloatMatrix p) {
        void close() {
            head.close();
            p.close();
        }
    }

    /** The heads of the last generation, the best first; each is trained on one thread. */
    private List<Trained> reference(Options options) {
        Restarts restarts = options.restarts();
        int[] nearest = new int[ROWS * COUNT];
        for (int i = 0; i < ROWS; i++) {
            for (int c = 0; c < COUNT; c++) {
                nearest[i * COUNT + c] = neighbors.index(i, c);
            }
        }
        List<Trained> generation = new ArrayList<>();
        try (HeadScratch scratch = new HeadScratch(HeadScratch.batch(32), 4, 6, CLUSTERS)) {
            for (int h = 0; h < restarts.heads(); h++) {
                generation.add(train(h, null, restarts.epochs(), options, nearest, scratch));
            }
            for (int g = 0; g < restarts.generations(); g++) {
                generation.sort(Comparator.comparingDouble(t -> t.head.loss()));
                List<Trained> next = new ArrayList<>();
                int all = generation.size();
                int half = (int) Math.ceil(all / 2.0);
                for (int s = 0; s < restarts.successors(); s++) {
                    // The first learns from the better half, the last from all.
                    int teachers = restarts.successors() == 1
                            ? all
                            : half + (int) Math.floor((double) (all - half) * s / (restarts.successors() - 1));
                    int number = restarts.heads() + g * restarts.successors() + s;
                    try (FloatMatrix votes = votes(generation, teachers)) {
                        next.add(train(number, votes, restarts.successorEpochs(), options, nearest, scratch));
                    }
                }
                generation.forEach(Trained::close);
                generation = next;
            }
        }
        generation.sort(Comparator.comparingDouble(t -> t.head.loss()));
        return generation;
    }

    private Trained train(
            int number, FloatMatrix votes, int epochs, Options options, int[] nearest, HeadScratch scratch) {
        HeadTraining head = new HeadTraining(number, 4, options);
        if (votes != null) {
            head.imitate(inputs, votes, options.head(), scratch);
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            head.epoch(inputs, nearest, COUNT, options.head(), scratch);
        }
        FloatMatrix p = FloatMatrix.allocate(ROWS, CLUSTERS);
        head.evaluate(inputs, nearest, COUNT, options.head().entropyWeight(), scratch, p);
        return new Trained(head, p);
    }

    /** The mean of the first heads' probabilities, with the numbers of the first head. */
    private static FloatMatrix votes(List<Trained> heads, int count) {
        int[][] aligned = Consensus.align(heads.stream().map(Trained::p).toList());
        FloatMatrix votes = FloatMatrix.allocate(ROWS, CLUSTERS);
        for (int i = 0; i < ROWS; i++) {
            for (int h = 0; h < count; h++) {
                for (int k = 0; k < CLUSTERS; k++) {
                    int to = aligned[h][k];
                    votes.set(
                            i,
                            to,
                            votes.get(i, to) + 1f / count * heads.get(h).p.get(i, k));
                }
            }
        }
        return votes;
    }

    private static double agreement(List<Trained> heads) {
        List<FloatMatrix> p = heads.stream().map(Trained::p).toList();
        return Consensus.agreement(p, Consensus.align(p));
    }

    @ParameterizedTest
    @CsvSource({"5, 2, 0, 1, 1, 3", "4, 1, 0, 1, 1, 1", "1, 1, 0, 1, 1, 1", "4, 1, 2, 3, 2, 2", "5, 1, 1, 1, 1, 1"})
    void theBestHeadsOfTheLastGenerationAreKept(
            int heads, int epochs, int generations, int successors, int successorEpochs, int votes) {
        Restarts restarts = new Restarts(heads, epochs, generations, successors, successorEpochs, votes);
        Options options = options(restarts);
        List<Trained> expected = reference(options);
        List<ConsistencyHead> released;
        try (HeadSelection tested = new HeadSelection(inputs, neighbors, options, POOL)) {
            assertThat(tested.losses())
                    .containsExactly(expected.stream()
                            .limit(votes)
                            .mapToDouble(t -> t.head.loss())
                            .toArray());
            int compared = Math.max(votes, Math.min(2, expected.size()));
            assertThat(tested.agreement()).isEqualTo((Double) agreement(expected.subList(0, compared)));
            int[][] aligned = tested.align();
            assertThat(aligned)
                    .isDeepEqualTo(Consensus.align(
                            expected.stream().limit(votes).map(Trained::p).toList()));
            try (FloatMatrix found = tested.votes(aligned, POOL);
                    FloatMatrix mean = votes(expected, votes)) {
                for (int i = 0; i < ROWS; i++) {
                    for (int k = 0; k < CLUSTERS; k++) {
                        assertThat(found.get(i, k)).isCloseTo(mean.get(i, k), within(1e-6f));
                    }
                }
            }
            int total = heads * epochs + generations * successors * (1 + successorEpochs);
            assertThat(progress.getLast()).isEqualTo(new Progress(total, total));
            assertThat(progress).extracting(Progress::done).isSorted();
            assertThat(progress).extracting(Progress::total).containsOnly(total);
            released = tested.release();
            assertThat(released).hasSize(votes);
            for (int h = 0; h < votes; h++) {
                assertThat(HeadReference.toDoubles(released.get(h).output.value))
                        .isDeepEqualTo(HeadReference.toDoubles(expected.get(h).head.head.output.value));
                assertThat(OpenMemory.of(released.get(h)))
                        .containsExactlyInAnyOrder(
                                "hidden.value.segment", "output.value.segment", "bias.value.segment");
            }
            tested.close();
            assertThat(OpenMemory.of(tested, inputs)).isEmpty();
        }
        for (ConsistencyHead head : released) {
            // The released heads belong to the caller.
            assertThat(head.output.value.get(0, 0)).isFinite();
            head.close();
        }
        expected.forEach(Trained::close);
    }

    @Test
    void theMemoryOfHeadsIsFreed() {
        HeadSelection tested = new HeadSelection(inputs, neighbors, options(new Restarts(3, 1, 0, 1, 1, 2)), POOL);
        List<MemorySegment> segments = OpenMemory.segments(tested, inputs);
        // Two heads of three, each with twelve matrices and the probabilities of all rows.
        assertThat(segments).hasSize(2 * (12 + 1));
        tested.close();
        assertThat(segments).noneMatch(segment -> segment.scope().isAlive());
    }

    /** On one thread: after each epoch, and once more at the end of each generation. */
    @Test
    void progressIsReportedAfterEachEpoch() {
        Thread caller = Thread.currentThread();
        Options options = options(new Restarts(2, 2, 1, 2, 1, 1)).withProgress(p -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            progress.add(p);
        });
        try (WorkerPool one = WorkerPool.of(1);
                HeadSelection tested = new HeadSelection(inputs, neighbors, options, one)) {
            assertThat(progress).extracting(Progress::done).containsExactly(1, 2, 3, 4, 4, 5, 6, 7, 8, 8);
            assertThat(tested.losses()).hasSize(1);
        }
        progress.clear();
        try (WorkerPool four = WorkerPool.of(4);
                HeadSelection tested = new HeadSelection(inputs, neighbors, options, four)) {
            assertThat(progress.getLast()).isEqualTo(new Progress(8, 8));
            assertThat(tested.losses()).hasSize(1);
        }
    }

    @Test
    void aCallbackCanStopTheTraining() {
        Options options = options(new Restarts(3, 1, 1, 2, 1, 2)).withProgress(p -> {
            throw new UnsupportedOperationException("enough");
        });
        assertThatThrownBy(() -> new HeadSelection(inputs, neighbors, options, POOL))
                .hasMessageContaining("enough");
    }
}
