package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.kernels.Softmax;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Scaling, principal components and a classifier or clusters, as one. The stages are affine maps, so they are folded
 * into a single one when the pipeline is made, and a prediction from raw pixels costs as much as one of the last stage
 * on them. Only where the classes or clusters are more than the components, two maps are left.
 *
 * <p>Immutable and usable from any number of threads. A row is handled on the calling thread, without locks, hand-offs
 * or allocation: see {@link RowMap} for the kinds of memory it may lie in and for the errors.
 *
 * <p>For example: {@snippet file="ModelExamplesTest.java" region="pipeline"}
 */
public final class Pipeline implements AutoCloseable {
    private static final int BLOCK = 128;
    private static final ThreadLocal<float[]> BETWEEN = ThreadLocal.withInitial(() -> new float[0]);

    private final List<Stage> stages;
    /** Null where all is folded into the last map. */
    private final RowMap head;

    private final RowMap tail;

    private Pipeline(List<Stage> stages, RowMap head, RowMap tail) {
        this.stages = stages;
        this.head = head;
        this.tail = tail;
    }

    /**
     * Folds stages into a pipeline.
     *
     * @param stages in order, at least one; their models belong to the pipeline from now on
     * @return the pipeline
     * @throws InvalidInputException if two stages do not fit together, or one that must be the last is not
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
        require(!stages.isEmpty(), "a pipeline needs at least one stage");
        for (int i = 1; i < stages.size(); i++) {
            Stage before = stages.get(i - 1);
            require(
                    before instanceof Stage.Scale || before instanceof Stage.Components,
                    "stage %d of the pipeline must be its last one, for it yields classes or clusters",
                    i);
            require(
                    before.outputs() == stages.get(i).inputs(),
                    "stage %d of the pipeline yields %d values, but stage %d takes %d",
                    i,
                    before.outputs(),
                    i + 1,
                    stages.get(i).inputs());
        }
        require(!(stages.getLast() instanceof Stage.Scale), "a pipeline cannot end in scaling");
        List<Stage> own = List.copyOf(stages);
        boolean relative = own.getLast() instanceof Stage.Classifier || own.getLast() instanceof Stage.Clusters;
        int narrow = narrowest(own);
        RowMap head = narrow < own.size() ? Affine.of(own, 0, narrow).pack(false) : null;
        return new Pipeline(
                own, head, Affine.of(own, head == null ? 0 : narrow, own.size()).pack(relative));
    }

    /** How many stages to fold apart from the rest: up to the fewest values handed on, all if none are saved. */
    private static int narrowest(List<Stage> stages) {
        int best = stages.size();
        long inputs = stages.getFirst().inputs();
        long outputs = stages.getLast().outputs();
        long least = inputs * outputs;
        for (int i = 1; i < stages.size(); i++) {
            long between = stages.get(i).inputs();
            long products = inputs * between + between * outputs;
            if (products < least) {
                least = products;
                best = i;
            }
        }
        return best;
    }

    /** {@return the stages, in order} */
    public List<Stage> stages() {
        return stages;
    }

    /** {@return the values in a row} */
    public int inputs() {
        return stages.getFirst().inputs();
    }

    /** {@return the classes, clusters or values that come out} */
    public int outputs() {
        return stages.getLast().outputs();
    }

    /**
     * {@return the class or cluster of a row}
     *
     * @param row {@link #inputs()} values
     * @throws InvalidInputException if the row does not fit or holds values that are not finite, or the pipeline ends
     *     in neither classes nor clusters
     */
    public int predict(float[] row) {
        requireLabels();
        if (head == null) {
            return tail.largest(row);
        }
        float[] between = between();
        head.apply(row, between);
        return tail.largest(between, 0);
    }

    /**
     * As {@link #predict(float[])}, of a segment of just one row.
     *
     * @param row {@link #inputs()} values
     * @return as there
     */
    public int predict(MemorySegment row) {
        (head == null ? tail : head).requireRow(row);
        return predict(row, 0);
    }

    /**
     * As {@link #predict(float[])}, of the row that begins at a byte offset.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @return as there
     */
    public int predict(MemorySegment rows, long offset) {
        requireLabels();
        if (head == null) {
            return tail.largest(rows, offset);
        }
        float[] between = between();
        head.apply(rows, offset, between);
        return tail.largest(between, 0);
    }

    /**
     * As {@link #predict(float[])}, of the buffer's remaining floats; its position stays.
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
        return tail.largest(between, 0);
    }

    /**
     * As {@link #predict(float[])}, of bytes that stand for 0 … 255.
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
        return tail.largest(between, 0);
    }

    /**
     * As {@link #predictBytes(byte[])}, of the row that begins at an offset.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @return as there
     */
    public int predictBytes(MemorySegment rows, long offset) {
        requireLabels();
        if (head == null) {
            return tail.largestOfBytes(rows, offset);
        }
        float[] between = between();
        head.applyToBytes(rows, offset, between);
        return tail.largest(between, 0);
    }

    /**
     * As {@link #predictBytes(byte[])}, of the buffer's remaining bytes; its position stays.
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
        return tail.largest(between, 0);
    }

    /**
     * The probabilities of all classes for one row.
     *
     * @param row {@link #inputs()} values
     * @param out receives {@link #outputs()} floats, from index 0 on
     * @throws InvalidInputException as {@link #predict(float[])}, or if the pipeline does not end in a classifier
     */
    public void probabilities(float[] row, float[] out) {
        requireClasses();
        apply(row, out);
        Softmax.inPlace(out, 0, tail.outputs());
    }

    /**
     * As {@link #probabilities(float[], float[])}, both beginning at byte offsets.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @param out receives {@link #outputs()} floats
     * @param outOffset byte at which the result begins
     */
    public void probabilities(MemorySegment rows, long offset, MemorySegment out, long outOffset) {
        requireClasses();
        float[] values = tail.scratch();
        apply(rows, offset, values);
        Softmax.inPlace(values, 0, tail.outputs());
        tail.put(values, out, outOffset);
    }

    /**
     * As {@link #probabilities(float[], float[])}, of bytes that stand for 0 … 255.
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
     * The coordinates of a row, of a pipeline that ends in components.
     *
     * @param row {@link #inputs()} values
     * @param out receives {@link #outputs()} floats, from index 0 on
     */
    public void transform(float[] row, float[] out) {
        requireValues();
        apply(row, out);
    }

    /**
     * As {@link #transform(float[], float[])}, both beginning at byte offsets.
     *
     * @param rows memory that holds the row
     * @param offset byte at which the row begins
     * @param out receives {@link #outputs()} floats
     * @param outOffset byte at which the result begins
     */
    public void transform(MemorySegment rows, long offset, MemorySegment out, long outOffset) {
        requireValues();
        float[] values = tail.scratch();
        apply(rows, offset, values);
        tail.put(values, out, outOffset);
    }

    /**
     * {@return the class or cluster of each row, with all threads: just what {@link #predict(float[])} says of each}
     *
     * @param x m × {@link #inputs()}
     */
    public int[] predict(FloatMatrix x) {
        requireLabels();
        requireColumns(x);
        int[] labels = new int[Math.toIntExact(x.rows())];
        each(x.rows(), row -> labels[(int) row] = predict(x.segment(), x.offset(row)));
        return labels;
    }

    /**
     * As {@link #predict(FloatMatrix)}, of rows of bytes that follow each other without gaps.
     *
     * @param rows memory that holds the rows
     * @param offset byte at which the first row begins
     * @param count of rows
     * @return as there
     */
    public int[] predictBytes(MemorySegment rows, long offset, int count) {
        requireLabels();
        int[] labels = new int[count];
        int bytes = inputs();
        each(count, row -> labels[(int) row] = predictBytes(rows, offset + row * bytes));
        return labels;
    }

    /**
     * {@return the probabilities of all classes, m × {@link #outputs()}, as a new matrix that the caller closes}
     *
     * @param x m × {@link #inputs()}
     */
    public FloatMatrix probabilities(FloatMatrix x) {
        requireClasses();
        requireColumns(x);
        return results(x, (row, out) -> probabilities(x.segment(), x.offset(row), out.segment(), out.offset(row)));
    }

    /**
     * {@return what {@link #transform(float[], float[])} makes of each row, as a new matrix that the caller closes}
     *
     * @param x m × {@link #inputs()}
     */
    public FloatMatrix transform(FloatMatrix x) {
        requireValues();
        requireColumns(x);
        return results(x, (row, out) -> transform(x.segment(), x.offset(row), out.segment(), out.offset(row)));
    }

    /** Has the code for rows compiled: some tenths of a second, once. */
    public void warmUp() {
        tail.warmUp();
        if (head != null) {
            head.warmUp();
        }
    }

    /** An array of the calling thread's own for what the head hands to the tail. */
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

    private interface EachRow {
        void run(long row);
    }

    private interface EachResult {
        void run(long row, FloatMatrix out);
    }

    private FloatMatrix results(FloatMatrix x, EachResult work) {
        FloatMatrix out = FloatMatrix.allocate(x.rows(), outputs());
        try {
            each(x.rows(), row -> work.run(row, out));
            return out;
        } catch (RuntimeException | Error e) {
            out.close();
            throw e;
        }
    }

    private static void each(long rows, EachRow work) {
        RowSlices slices = RowSlices.of(rows, BLOCK);
        WorkerPool.shared().run(slices.count(), (slice, worker) -> {
            for (long i = slices.from(slice); i < slices.to(slice); i++) {
                work.run(i);
            }
        });
    }

    private void requireColumns(FloatMatrix x) {
        require(
                x.columns() == inputs(),
                "data of %d columns does not fit a pipeline of %d inputs",
                x.columns(),
                inputs());
    }

    private void requireLabels() {
        Stage last = stages.getLast();
        if (!(last instanceof Stage.Classifier || last instanceof Stage.Clusters)) {
            throw new InvalidInputException(
                    "this pipeline ends in components: it has no classes or clusters to predict");
        }
    }

    private void requireClasses() {
        if (!(stages.getLast() instanceof Stage.Classifier)) {
            throw new InvalidInputException("this pipeline does not end in a classifier: it has no probabilities");
        }
    }

    private void requireValues() {
        if (stages.getLast() instanceof Stage.Classifier || stages.getLast() instanceof Stage.Clusters) {
            throw new InvalidInputException("this pipeline ends in labels: it transforms nothing");
        }
    }

    /** Frees the folded weights and the models of the stages; may be called again without effect. */
    @Override
    public void close() {
        tail.close();
        if (head != null) {
            head.close();
        }
        for (Stage stage : stages) {
            switch (stage) {
                case Stage.Scale s -> {}
                case Stage.Components c -> c.model().close();
                case Stage.Classifier c -> c.model().close();
                case Stage.Clusters c -> c.model().close();
            }
        }
    }
}
