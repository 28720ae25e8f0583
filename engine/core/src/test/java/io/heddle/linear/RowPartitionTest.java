package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.linear.LogisticRegression.Options;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowPartitionTest {
    private static final int COLUMNS = 3;
    private static final int CLASSES = 3;

    private SmallRows small;

    @BeforeEach
    void setUp() {
        small = new SmallRows(50, COLUMNS, CLASSES);
    }

    @AfterEach
    void tearDown() {
        small.close();
    }

    private PartitionSetup setup() {
        FeatureTransform t = small.rows.transform();
        return new PartitionSetup(UUID.randomUUID(), CLASSES, 50, null, t.shift(), t.scale(), t.constant());
    }

    /** The memory of a fit is kept for its tasks, and freed for those of another. */
    @Test
    void aPartitionKeepsTheSumsOfOneFit() {
        RowPartition.Block block = new RowPartition.Block(small.x, small.rows.labels(), null);
        try (RowPartition partition = new RowPartition(2, List.of(block), SmallRows.POOL)) {
            PartitionSetup one = setup();
            PartitionLoss first = partition.loss(one);
            assertThat(partition.loss(one)).isSameAs(first);
            assertThat(partition.loss(setup())).isNotSameAs(first);
            assertThat(partition.index()).isEqualTo(2);
            assertThat(partition.columns()).isEqualTo(COLUMNS);
            assertThat(partition.name(0)).isEqualTo("partition 2");
            double[] w = small.point(0.5);
            double[] sums = first.evaluate(w, true);
            PlainSums plain = new PlainSums(small.rows, w, 1);
            assertThat(sums[w.length]).isCloseTo(plain.loss(), within(1e-13));
            assertThat(Arrays.copyOf(sums, w.length)).containsExactly(plain.gradient(), within(1e-13));
            double[] floats = first.evaluate(w, false);
            assertThat(floats[w.length]).isCloseTo(plain.loss(), within(1e-6)).isNotEqualTo(sums[w.length]);
            assertThat(first.evaluate(w, true)).isEqualTo(sums);
            first.close();
        }
        try (RowPartition partition = new RowPartition(4, List.of(block, block), SmallRows.POOL)) {
            assertThat(partition.name(1)).isEqualTo("block 1 of partition 4");
            assertThat(partition.blocks()).containsExactly(block, block);
            assertThat(partition.pool()).isSameAs(SmallRows.POOL);
            assertThat(partition.<String>run(rows -> "result of " + rows.index()))
                    .isEqualTo("result of 4");
        }
    }

    @Test
    void theMemoryOfAFitIsThatOfItsBlocks() {
        long expected = 0;
        for (int rows : new int[] {100, 5_000}) {
            expected += Math.max(SoftmaxLoss.bytes(rows, 20, 4), ExactLoss.bytes(rows, 4));
        }
        assertThat(RowPartition.workingBytes(new int[] {100, 5_000}, 20, 4)).isEqualTo(expected);
    }

    @Test
    void sumsAreAddedElementByElement() {
        PartitionedRows three = new PartitionedRows() {
            @Override
            @SuppressWarnings("unchecked") // The task is one of arrays.
            public <T extends Serializable> List<T> collect(Task<T> task) {
                return (List<T>) List.of(new double[] {1, 2}, new double[] {10, 20}, new double[] {100, 200});
            }
        };
        assertThat(three.sum(rows -> new double[2])).containsExactly(111, 222);
    }

    @Test
    void refusesEmptyBlocks() {
        try (FloatMatrix none = FloatMatrix.allocate(0, 2);
                FloatMatrix narrow = FloatMatrix.allocate(1, 0)) {
            assertThatThrownBy(() -> new RowPartition.Block(none, new int[0], null))
                    .hasMessage("logistic regression needs rows and columns, not 0 x 2");
            assertThatThrownBy(() -> new RowPartition.Block(narrow, new int[1], null))
                    .hasMessage("logistic regression needs rows and columns, not 1 x 0");
        }
    }

    @Test
    void refusesPartitionsThatDoNotFitTogether() {
        try (FloatMatrix two = FloatMatrix.copyOf(new float[] {1, 2}, 1, 2);
                FloatMatrix three = FloatMatrix.copyOf(new float[] {1, 2, 3}, 1, 3)) {
            RowPartition.Block narrow = new RowPartition.Block(two, new int[] {0}, null);
            RowPartition.Block wide = new RowPartition.Block(three, new int[] {1}, null);
            assertThatThrownBy(() -> new RowPartition(4, List.of(narrow, wide), SmallRows.POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the blocks of partition 4 have 2 and 3 columns; all must have the same number");
            assertThatThrownBy(() -> new RowPartition(4, List.of(), SmallRows.POOL))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("partition 4 has no rows; leave it out");
            assertThatThrownBy(() -> new RowPartition.Block(two, new int[] {-1}, null))
                    .hasMessage("the label of row 0 is -1; labels count from 0");
            assertThatThrownBy(() -> new RowPartition.Block(two, new int[] {0}, new double[] {-1}))
                    .hasMessage("the weight of row 0 is -1.0; weights are finite numbers of 0 or more");
            assertThatThrownBy(() -> new RowPartition.Block(two, new int[] {0, 1}, null))
                    .hasMessage("there are 2 labels for 1 rows");
            try (RowPartition a = new RowPartition(0, List.of(narrow), SmallRows.POOL);
                    RowPartition b = new RowPartition(2, List.of(wide), SmallRows.POOL)) {
                PartitionedRows rows = new PartitionedRows() {
                    @Override
                    public <T extends Serializable> List<T> collect(Task<T> task) {
                        return List.of(a.run(task), b.run(task));
                    }
                };
                assertThatThrownBy(() -> LogisticRegression.fit(rows, Options.defaults(), SmallRows.POOL))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessage("partition 2 has 3 columns, but partition 0 has 2; all must have the same number");
            }
        }
    }

    @Test
    void aClosedPartitionRunsNoTask() {
        try (FloatMatrix two = FloatMatrix.copyOf(new float[] {1, 2}, 1, 2)) {
            RowPartition.Block block = new RowPartition.Block(two, new int[] {0}, null);
            RowPartition partition = new RowPartition(3, List.of(block), SmallRows.POOL);
            partition.close();
            partition.close();
            assertThatThrownBy(() -> partition.run(rows -> "result"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("partition 3 is closed");
        }
    }
}
