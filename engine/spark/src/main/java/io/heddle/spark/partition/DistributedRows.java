package io.heddle.spark.partition;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple4;

/**
 * The rows of a data set in Spark: the driver's view of the blocks in the executors. Each partition is read into blocks
 * once; every pass runs one work on all partitions and returns only sums.
 *
 * <p>Sums are merged in the order of the partitions, in groups whose size depends only on the number of partitions. So
 * the same data in the same partitions give the same bits for any number of executors, cores and retries.
 */
public final class DistributedRows implements AutoCloseable {
    /** Maximum number of partitions whose sums the driver merges. */
    private static final int DIRECT = 32;

    private final JavaSparkContext context;
    private final RDD<InternalRow> parent;
    private final RowFormat format;
    private final BlockMemory memory;
    private final int depth;
    private final String[] locations;
    private final FitLease own;
    private final Broadcast<FitLease> lease;
    private long[] rowsOf;
    private long rows;
    private int columns;
    private long bytesReceived;
    private List<PartResult<double[]>> first;

    private DistributedRows(
            JavaSparkContext context, RDD<InternalRow> parent, RowFormat format, BlockMemory memory, int depth) {
        this.context = context;
        this.parent = parent;
        this.format = format;
        this.memory = memory;
        this.depth = depth;
        locations = new String[parent.getNumPartitions()];
        own = new FitLease(UUID.randomUUID().toString());
        lease = context.broadcast(own);
    }

    /**
     * Reads the rows of a data set into blocks and runs a first work on them, in one Spark job.
     *
     * @param data the data set
     * @param format its columns
     * @param memory of the blocks
     * @param depth levels in which the sums of many partitions are merged, at least 1
     * @param first work whose results {@link #first()} returns
     * @return the rows, which the caller closes
     * @throws InvalidInputException if there are no rows, a row is not valid, rows have different numbers of values, or
     *     the memory is too small
     */
    public static DistributedRows of(
            Dataset<?> data, RowFormat format, BlockMemory memory, int depth, PartitionWork<double[]> first) {
        var selected = (org.apache.spark.sql.classic.Dataset<?>) format.select(data);
        SparkContext context = selected.sparkSession().sparkContext();
        DistributedRows rows = new DistributedRows(
                JavaSparkContext.fromSparkContext(context),
                selected.queryExecution().toRdd(),
                format,
                memory,
                depth);
        try {
            rows.measure(first);
            return rows;
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }

    /** The shape of a partition, followed by the result of a work. */
    private record Shaped(PartitionWork<double[]> work) implements PartitionWork<double[]> {
        static final int ROWS = 0;
        static final int COLUMNS = 1;
        static final int LENGTH = 2;

        @Override
        public double[] run(PartitionRows rows, Scratch scratch) {
            double[] own = work.run(rows, scratch);
            double[] all = new double[LENGTH + own.length];
            all[ROWS] = rows.rows();
            all[COLUMNS] = rows.columns();
            System.arraycopy(own, 0, all, LENGTH, own.length);
            return all;
        }
    }

    private void measure(PartitionWork<double[]> work) {
        rowsOf = new long[locations.length];
        first = new ArrayList<>();
        int from = -1;
        for (PartResult<double[]> shape : collect(new Shaped(work))) {
            rowsOf[shape.partition()] = (long) shape.value()[Shaped.ROWS];
            rows += rowsOf[shape.partition()];
            int width = (int) shape.value()[Shaped.COLUMNS];
            first.add(new PartResult<>(
                    shape.partition(), Arrays.copyOfRange(shape.value(), Shaped.LENGTH, shape.value().length)));
            require(
                    from < 0 || width == columns,
                    "column '%s' has %d values in the rows of partition %d, but %d in those of partition %d; all rows"
                            + " must have the same number",
                    format.features(),
                    width,
                    shape.partition(),
                    columns,
                    from);
            if (from < 0) {
                from = shape.partition();
                columns = width;
            }
        }
        require(rows > 0, "the data set has no rows; a fit needs at least 1");
    }

    /** {@return the number of partitions, including those without rows} */
    public int partitions() {
        return locations.length;
    }

    /** {@return the number of rows of each partition} */
    public long[] rowsOfPartitions() {
        return rowsOf.clone();
    }

    /** {@return the number of rows} */
    public long rows() {
        return rows;
    }

    /** {@return the number of columns} */
    public int columns() {
        return columns;
    }

    /** {@return the results of the work that ran when the rows were read, in the order of the partitions} */
    public List<PartResult<double[]>> first() {
        return first;
    }

    /** {@return the bytes of all results that the driver has received, with 8 bytes per number} */
    public long bytesReceived() {
        return bytesReceived;
    }

    /**
     * A result of a partition.
     *
     * @param partition its number
     * @param value the result
     */
    public record PartResult<T>(int partition, T value) {}

    /**
     * Runs a work on all partitions that have rows.
     *
     * @param work the computation; its results are arrays of numbers
     * @return the results, in the order of the partitions
     * @throws InvalidInputException what a work threw for the first partition for which one did
     */
    public <T> List<PartResult<T>> collect(PartitionWork<T> work) {
        List<PartResult<T>> results = new ArrayList<>();
        for (Tuple4<Integer, String, String, Object> outcome : outcomes(work).collect()) {
            note(outcome);
            if (outcome._4() != null) {
                @SuppressWarnings("unchecked")
                T value = (T) outcome._4();
                count(value);
                results.add(new PartResult<>(outcome._1(), value));
            }
        }
        return results;
    }

    /**
     * Runs a work on all partitions that have rows and sums their arrays, element by element, in the order of the
     * partitions.
     *
     * @param work the computation: an array of the same length for each partition
     * @return the sums
     * @throws InvalidInputException as {@link #collect} does
     */
    public double[] sum(PartitionWork<double[]> work) {
        JavaRDD<Tuple4<Integer, String, String, Object>> level = outcomes(work);
        for (int merges = 1, left = locations.length; merges < depth && left > DIRECT; merges++) {
            int group = groupSize(left, depth - merges + 1);
            left = (left + group - 1) / group;
            level = OrderedSums.merge(level, group, left);
        }
        double[] sum = null;
        for (Tuple4<Integer, String, String, Object> outcome : level.collect()) {
            note(outcome);
            sum = OrderedSums.add(sum, (double[]) outcome._4());
            count(outcome._4());
        }
        return sum;
    }

    /** The number of partitions that are merged into one with {@code levels} levels. */
    private static int groupSize(int partitions, int levels) {
        return Math.max(2, (int) Math.ceil(Math.pow(partitions, 1.0 / levels)));
    }

    private JavaRDD<Tuple4<Integer, String, String, Object>> outcomes(PartitionWork<?> work) {
        return new BlockRdd(parent, lease, format, memory, work, locations.clone()).toJavaRDD();
    }

    /** Records the places of the partitions, and throws an exception if one has a fault. */
    private void note(Tuple4<Integer, String, String, Object> outcome) {
        OrderedSums.locations(outcome, locations);
        if (outcome._3() != null) {
            throw new InvalidInputException(outcome._3());
        }
    }

    private void count(Object value) {
        if (value instanceof double[] doubles) {
            bytesReceived += (long) doubles.length * Double.BYTES;
        } else if (value instanceof float[] floats) {
            bytesReceived += (long) floats.length * Float.BYTES;
        }
    }

    /** Sends a value to all executors, which the caller destroys. */
    public <T> Broadcast<T> broadcast(T value) {
        return context.broadcast(value);
    }

    /**
     * Frees the blocks in all executors. Other JVMs free them soon after, when they receive the message of the driver.
     */
    @Override
    public void close() {
        // If the executor is this JVM, the memory is free when this returns.
        own.close();
        lease.destroy();
    }
}
