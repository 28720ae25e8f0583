package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.columns.FeatureNames;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.gemm.RowStep;
import io.heddle.internal.kernels.Softmax;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NeighborIndex;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Scaling, principal components and a classifier or clusters as one model. The stages are affine maps, so
 * {@link #of(Stage...)} folds them into one map. A prediction from raw pixels then costs as much as the last stage
 * alone. If there are more classes or clusters than components, two maps remain. The last stage can also be the nearest
 * rows of a {@link NeighborIndex}, after principal components.
 *
 * <p>Immutable and usable from any number of threads. Rows are processed on the calling thread, without locks and
 * without allocation. A row may be an array, a segment or a buffer.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="pipeline"}
 */
public final class Pipeline implements AutoCloseable {
    private static final ThreadLocal<float[]> BETWEEN = ThreadLocal.withInitial(() -> new float[0]);

    private final List<Stage> stages;
    /** Null if all stages are folded into the last map. */
    private final RowStep head;

    /** Null if the last stage is an index, which uses the output of the head. */
    private final RowMap tail;

    /** Null unless the last stage is an index. */
    private final NeighborIndex index;

    private Pipeline(List<Stage> stages, FoldedStages folded) {
        this.stages = stages;
        head = folded.head();
        tail = folded.tail();
        index = folded.index();
    }

    /**
     * Folds stages into a pipeline.
     *
     * @param stages in order, at least one; the pipeline owns their models from now on
     * @return the pipeline
     * @throws InvalidInputException if the sizes of two stages differ, or a classifier or clusters are not the last
     *     stage
     */
    public static Pipeline of(Stage... stages) {
        return of(List.of(stages));
    }

    /**
     * As {@link #of(Stage...)}.
     *
     * @param stages see there
     * @return the pipeline
     */
    public static Pipeline of(List<Stage> stages) {
        List<Stage> own = List.copyOf(stages);
        return new Pipeline(own, FoldedStages.of(own));
    }

    /** {@return the stages, in order} */
    public List<Stage> stages() {
        return stages;
    }

    /** {@return the number of values in a row} */
    public int inputs() {
        return stages.getFirst().inputs();
    }

    /**
     * {@return the names of the columns that the model was fitted to, {@link #inputs()} in their order; empty if not
     * known} Data whose columns have other names are refused.
     */
    public List<String> featureNames() {
        return FeatureNamesText.of(stages);
    }

    /** {@return the number of classes, clusters or values of the result} */
    public int outputs() {
        return stages.getLast().outputs();
    }

    /**
     * {@return the class or cluster of a row}
     *
     * @param row {@link #inputs()} values
     * @throws InvalidInputException if the row does not fit or has values that are not finite, or the last stage is
     *     neither a classifier nor clusters
     */
    public int predict(float[] row) {
        requireLabels();
        if (head == null) {
            return tail.largest(row);
        }
        float[] between = between();
        head.apply(row, between);
        return label(between);
    }

    /**
     * As {@link #predict(float[])}, for a segment that holds one row.
     *
     * @param row {@link #inputs()} values
     * @return as there
     */
    public int predict(MemorySegment row) {
        (head == null ? tail : head).requireRow(row);
        return predict(row, 0);
    }

    /**
     * As {@link #predict(float[])}, for the row at a byte offset.
     *
     * @param rows memory that holds the row
     * @param offset byte offset of the row
     * @return as there
     */
    public int predict(MemorySegment rows, long offset) {
        requireLabels();
        if (head == null) {
            return tail.largest(rows, offset);
        }
        float[] between = between();
        head.apply(rows, offset, between);
        return label(between);
    }

    /**
     * As {@link #predict(float[])}, for the remaining floats of a buffer; the position does not change.
     *
     * @param row {@link #inputs()} values
     * @return as there
     */
    public int predict(FloatBuffer row) {
        requireLabels();
        if (head == null) {
            return tail.largest(row);
        }
        float[] between = between();
        head.apply(row, between);
        return label(between);
    }

    /**
     * As {@link #predict(float[])}, for bytes, which are unsigned: 0 … 255.
     *
     * @param row {@link #inputs()} values
     * @return as there
     */
    public int predictBytes(byte[] row) {
        requireLabels();
        if (head == null) {
            return tail.largestOfBytes(row);
        }
        float[] between = between();
        head.applyToBytes(row, between);
        return label(between);
    }

    /**
     * As {@link #predictBytes(byte[])}, for the row at an offset.
     *
     * @param rows memory that holds the row
     * @param offset byte offset of the row
     * @return as there
     */
    public int predictBytes(MemorySegment rows, long offset) {
        requireLabels();
        if (head == null) {
            return tail.largestOfBytes(rows, offset);
        }
        float[] between = between();
        head.applyToBytes(rows, offset, between);
        return label(between);
    }

    /**
     * As {@link #predictBytes(byte[])}, for the remaining bytes of a buffer; the position does not change.
     *
     * @param row {@link #inputs()} values
     * @return as there
     */
    public int predictBytes(ByteBuffer row) {
        requireLabels();
        if (head == null) {
            return tail.largestOfBytes(row);
        }
        float[] between = between();
        head.applyToBytes(row, between);
        return label(between);
    }

    /**
     * Computes the probabilities of all classes for one row.
     *
     * @param row {@link #inputs()} values
     * @param out receives {@link #outputs()} floats, from index 0 on
     * @throws InvalidInputException as {@link #predict(float[])}, or if the last stage is not a classifier
     */
    public void probabilities(float[] row, float[] out) {
        requireClasses();
        apply(row, out);
        Softmax.inPlace(out, 0, tail.outputs());
    }

    /**
     * As {@link #probabilities(float[], float[])}, for a row and a result at byte offsets.
     *
     * @param rows memory that holds the row
     * @param offset byte offset of the row
     * @param out receives {@link #outputs()} floats
     * @param outOffset byte offset of the result
     */
    public void probabilities(MemorySegment rows, long offset, MemorySegment out, long outOffset) {
        requireClasses();
        float[] values = tail.scratch();
        apply(rows, offset, values);
        Softmax.inPlace(values, 0, tail.outputs());
        tail.put(values, out, outOffset);
    }

    /**
     * As {@link #probabilities(float[], float[])}, for bytes, which are unsigned: 0 … 255.
     *
     * @param row {@link #inputs()} values
     * @param out receives {@link #outputs()} floats
     */
    public void probabilitiesOfBytes(byte[] row, float[] out) {
        requireClasses();
        if (head == null) {
            tail.applyToBytes(row, out);
        } else {
            float[] between = between();
            head.applyToBytes(row, between);
            tail.apply(between, 0, out);
        }
        Softmax.inPlace(out, 0, tail.outputs());
    }

    /**
     * Computes the coordinates of a row. The last stage must be principal components.
     *
     * @param row {@link #inputs()} values
     * @param out receives {@link #outputs()} floats, from index 0 on
     */
    public void transform(float[] row, float[] out) {
        requireValues();
        apply(row, out);
    }

    /**
     * As {@link #transform(float[], float[])}, for a row and a result at byte offsets.
     *
     * @param rows memory that holds the row
     * @param offset byte offset of the row
     * @param out receives {@link #outputs()} floats
     * @param outOffset byte offset of the result
     */
    public void transform(MemorySegment rows, long offset, MemorySegment out, long outOffset) {
        requireValues();
        float[] values = tail.scratch();
        apply(rows, offset, values);
        tail.put(values, out, outOffset);
    }

    /**
     * {@return the class or cluster of each row, computed on the shared pool; the same as {@link #predict(float[])} for
     * each row}
     *
     * @param x m × {@link #inputs()}
     */
    public int[] predict(DataMatrix x) {
        return predict(x, WorkerPool.shared());
    }

    /**
     * {@return the class or cluster of each row, equal to the result of {@link #predict(float[])}}
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     */
    public int[] predict(DataMatrix x, WorkerPool pool) {
        requireLabels();
        requireColumns(x);
        int[] labels = new int[Math.toIntExact(x.rows())];
        RowByRow.run(x, pool, (row, floats, at) -> labels[(int) row] = predict(floats.segment(), floats.offset(at)));
        return labels;
    }

    /**
     * As {@link #predict(DataMatrix)}, for rows of bytes without gaps.
     *
     * @param rows memory that holds the rows
     * @param offset byte offset of the first row
     * @param count number of rows
     * @return as there
     */
    public int[] predictBytes(MemorySegment rows, long offset, int count) {
        requireLabels();
        int[] labels = new int[count];
        int bytes = inputs();
        RowSlices slices = RowSlices.of(count, RowByRow.SLICE_ROWS);
        WorkerPool.shared().run(slices.count(), (slice, worker) -> {
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                labels[(int) i] = predictBytes(rows, offset + i * bytes);
            }
        });
        return labels;
    }

    /**
     * As {@link #probabilities(DataMatrix, WorkerPool)}, with the shared pool.
     *
     * @param x m × {@link #inputs()}
     * @return as there
     */
    public FloatMatrix probabilities(DataMatrix x) {
        return probabilities(x, WorkerPool.shared());
    }

    /**
     * {@return the probabilities of all classes, m × {@link #outputs()}, as a new matrix that the caller closes}
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     */
    public FloatMatrix probabilities(DataMatrix x, WorkerPool pool) {
        requireClasses();
        requireColumns(x);
        return RowByRow.results(x, outputs(), pool, this::probabilities);
    }

    /**
     * As {@link #transform(DataMatrix, WorkerPool)}, with the shared pool.
     *
     * @param x m × {@link #inputs()}
     * @return as there
     */
    public FloatMatrix transform(DataMatrix x) {
        return transform(x, WorkerPool.shared());
    }

    /**
     * {@return the coordinates of each row, as a new matrix that the caller closes}
     *
     * @param x m × {@link #inputs()}
     * @param pool whose threads share the work
     */
    public FloatMatrix transform(DataMatrix x, WorkerPool pool) {
        requireValues();
        requireColumns(x);
        return RowByRow.results(x, outputs(), pool, this::transform);
    }

    /** Has the code for rows compiled: some tenths of a second, once. */
    public void warmUp() {
        if (tail != null) {
            tail.warmUp();
        } else {
            index.warmUp();
        }
        if (head != null) {
            head.warmUp();
        }
    }

    /**
     * Finds the nearest rows of the index, nearest first.
     *
     * @param row {@link #inputs()} values
     * @param ids receives the numbers of {@link #outputs()} rows, from index 0 on
     * @param distances receives their Euclidean distances, between components
     * @throws InvalidInputException if the row does not fit or holds values that are not finite, an array is too short,
     *     or the pipeline does not end in nearest neighbours
     */
    public void neighbors(float[] row, int[] ids, float[] distances) {
        requireIndex();
        float[] between = between();
        head.apply(row, between);
        index.nearest(between, ids, distances);
    }

    /**
     * As {@link #neighbors(float[], int[], float[])}, for unsigned bytes.
     *
     * @param row {@link #inputs()} values
     * @param ids see there
     * @param distances see there
     */
    public void neighborsOfBytes(byte[] row, int[] ids, float[] distances) {
        requireIndex();
        float[] between = between();
        head.applyToBytes(row, between);
        index.nearest(between, ids, distances);
    }

    private void requireIndex() {
        if (index == null) {
            throw new InvalidInputException("this pipeline does not end in nearest neighbours: it has none to find");
        }
    }

    private int label(float[] between) {
        return index == null ? tail.largest(between, 0) : index.predict(between);
    }

    /** Returns an array of the calling thread for the values between the two maps. */
    private float[] between() {
        float[] values = BETWEEN.get();
        if (values.length < head.outputs()) {
            values = new float[head.outputs()];
            BETWEEN.set(values);
        }
        return values;
    }

    private void apply(float[] row, float[] out) {
        if (head == null) {
            tail.apply(row, out);
            return;
        }
        float[] between = between();
        head.apply(row, between);
        tail.apply(between, 0, out);
    }

    private void apply(MemorySegment rows, long offset, float[] out) {
        if (head == null) {
            tail.apply(rows, offset, out);
            return;
        }
        float[] between = between();
        head.apply(rows, offset, between);
        tail.apply(between, 0, out);
    }

    private void requireColumns(DataMatrix x) {
        require(x.columns() == inputs(), "the data have %d columns, but the pipeline takes %d", x.columns(), inputs());
        FeatureNames.requireSame(x, featureNames());
    }

    private void requireLabels() {
        Stage last = stages.getLast();
        if (last instanceof Stage.Components) {
            throw new InvalidInputException(
                    "this pipeline ends in principal components: it has no classes or clusters to predict");
        }
    }

    private void requireClasses() {
        if (!(stages.getLast() instanceof Stage.Classifier)) {
            throw new InvalidInputException("this pipeline does not end in a classifier: it has no probabilities");
        }
    }

    private void requireValues() {
        if (!(stages.getLast() instanceof Stage.Components)) {
            throw new InvalidInputException(
                    "this pipeline ends in classes, clusters or neighbours: it cannot transform");
        }
    }

    /** Frees the folded weights and the models of the stages; may be called again without effect. */
    @Override
    public void close() {
        if (tail != null) {
            tail.close();
        }
        if (head != null) {
            head.close();
        }
        for (Stage stage : stages) {
            switch (stage) {
                case Stage.Scale s -> {}
                case Stage.Components c -> c.model().close();
                case Stage.Classifier c -> c.model().close();
                case Stage.Clusters c -> c.model().close();
                case Stage.Neighbors n -> n.index().close();
            }
        }
    }
}
