package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.OpenMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All memory of the solver is freed, and long computations end when their thread is interrupted. */
class FreedMemoryTest {
    private SmallRows small;
    private double[] w;

    @BeforeEach
    void setUp() {
        small = new SmallRows(60, 4, 3);
        w = small.point(0.3);
    }

    @AfterEach
    void tearDown() {
        small.close();
    }

    private void freed(Object closed) {
        assertThat(OpenMemory.of(closed, small.x)).isEmpty();
    }

    private void live(Object open) {
        assertThat(OpenMemory.of(open, small.x)).isNotEmpty();
    }

    private PartitionSetup setup() {
        FeatureTransform t = small.rows.transform();
        return new PartitionSetup(UUID.randomUUID(), 3, 60, null, t.shift(), t.scale(), t.constant());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lossesFreeTheirMemory(boolean exact) {
        RowLoss loss = exact ? ExactLoss.of(small.rows, SmallRows.POOL) : new SoftmaxLoss(small.rows, SmallRows.POOL);
        loss.evaluate(w, new double[w.length]);
        loss.setDirection(w);
        live(loss);
        loss.close();
        freed(loss);
        RowLoss unused = exact ? ExactLoss.of(small.rows, SmallRows.POOL) : new SoftmaxLoss(small.rows, SmallRows.POOL);
        unused.close();
        freed(unused);
    }

    @Test
    void aPartitionFreesItsLosses() {
        RowPartition.Block block = new RowPartition.Block(small.x, small.rows.labels(), null);
        RowPartition partition = new RowPartition(0, List.of(block), SmallRows.POOL);
        PartitionLoss first = partition.loss(setup());
        first.evaluate(w, false);
        PartitionLoss second = partition.loss(setup());
        freed(first);
        second.evaluate(w, true);
        live(second);
        partition.close();
        freed(second);
        try (LocalPartitions partitions =
                new LocalPartitions(small.x, small.rows.labels(), null, new int[] {60}, SmallRows.POOL, 0, 1)) {
            PartitionedLoss loss = new PartitionedLoss(
                    partitions, setup(), small.rows.classWeights(), true, small.rows, SmallRows.POOL);
            RowLoss sample = sampleOf(loss);
            live(sample);
            loss.close();
            freed(sample);
        }
    }

    private RowLoss sampleOf(PartitionedLoss loss) {
        loss.evaluate(w, new double[w.length]);
        return loss.curvatureRows();
    }

    @Test
    void aModelFreesItsMemory() {
        Options options = Options.defaults().withLambda(0.01);
        LogisticModel model = LogisticRegression.fit(small.x, small.rows.labels(), options);
        model.predict(small.x);
        live(model);
        model.close();
        freed(model);
    }

    private List<BlockHessian> estimate(RowLoss loss, Penalty penalty) {
        loss.evaluate(w, new double[w.length]);
        int[] all = IntStream.range(0, w.length).toArray();
        return BlockHessian.build(
                loss, CoordinateGroups.byClass(all, small.rows.width()), penalty, 1, 1e12, SmallRows.POOL);
    }

    @Test
    void estimatesAndTheirFactorsAreFreed() {
        try (ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            List<BlockHessian> hessians = estimate(loss, small.elasticNet(0, 0.1));
            live(hessians);
            Preconditioner p = Preconditioner.consuming(hessians, 3, false, SmallRows.POOL);
            live(p);
            p.close();
            freed(p);
            freed(hessians);
        }
    }

    @Test
    void estimatesAreFreedIfTheirFactorsAreInterrupted() {
        try (ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            List<BlockHessian> hessians = estimate(loss, small.elasticNet(0, 0.1));
            isCancelled(() -> Preconditioner.consuming(hessians, 3, false, SmallRows.POOL));
            freed(hessians);
        }
    }

    private enum Kind {
        SMOOTH,
        SPARSE,
        GROUPED
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void iterationsFreeTheirEstimates(Kind kind) {
        try (ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            GroupedPenalty grouped = small.grouped(0.01, 0.1);
            SeparablePenalty sparse = small.elasticNet(0.01, 0.1);
            Penalty penalty =
                    switch (kind) {
                        case SMOOTH -> small.elasticNet(0, 0.1);
                        case SPARSE -> sparse;
                        case GROUPED -> grouped;
                    };
            Iterate at = new Iterate(loss, penalty, w);
            Iterations iterations =
                    switch (kind) {
                        case SMOOTH -> new SmoothIterations(at, false, 5e9, SmallRows.POOL);
                        case SPARSE -> new SparseIterations(at, sparse, true, 5e9, SmallRows.POOL);
                        case GROUPED -> new GroupedIterations(at, grouped, true, 5e9, SmallRows.POOL);
                    };
            List<MemorySegment> seen = new ArrayList<>();
            for (int k = 0; k < 6; k++) {
                iterations.iterate();
                seen.addAll(OpenMemory.segments(iterations, small.x));
                if (k == 3) {
                    iterations.refresh();
                }
            }
            iterations.close();
            List<MemorySegment> kept = OpenMemory.segments(at, small.x);
            seen.removeIf(segment -> kept.stream().anyMatch(own -> own == segment));
            assertThat(seen).isNotEmpty().noneMatch(segment -> segment.scope().isAlive());
        }
    }

    private static void isCancelled(Runnable computation) {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(computation::run).isInstanceOf(CancellationException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void descentsEndWhenTheirThreadIsInterrupted() {
        double[] g = new double[w.length];
        double[] d = new double[w.length];
        try (ExactLoss loss = ExactLoss.of(small.rows, SmallRows.POOL)) {
            ElasticNetPenalty penalty = small.elasticNet(0.01, 0.1);
            List<BlockHessian> hessians = estimate(loss, penalty);
            isCancelled(
                    () -> CoordinateDescent.minimise(hessians.getFirst(), g, w, penalty, 5, 1e-3, d, SmallRows.POOL));
            hessians.forEach(BlockHessian::close);
        }
        int[] all = IntStream.range(0, w.length).toArray();
        GroupDescent descent = new GroupDescent(
                new GroupDescent.Quadratic() {
                    @Override
                    public double curvature(int i, int k) {
                        return i == k ? 1 : 0;
                    }

                    @Override
                    public double slope(int i) {
                        return 0;
                    }

                    @Override
                    public void move(int i, double change) {}
                },
                all,
                w,
                small.grouped(0.01, 0.1));
        isCancelled(() -> descent.minimise(5, 1e-3, d));
        try (LocalPartitions partitions =
                        new LocalPartitions(small.x, small.rows.labels(), null, new int[] {60}, SmallRows.POOL, 0, 1);
                PartitionedLoss loss = new PartitionedLoss(
                        partitions, setup(), small.rows.classWeights(), true, small.rows, SmallRows.POOL)) {
            isCancelled(() -> loss.evaluate(w, g));
            assertThat(partitions.tasks()).isZero();
        }
    }
}
