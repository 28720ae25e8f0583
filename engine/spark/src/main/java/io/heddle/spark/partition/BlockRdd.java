package io.heddle.spark.partition;

import io.heddle.matrix.InvalidInputException;
import org.apache.spark.Partition;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.BlockManagerId;
import scala.Tuple4;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * The results of a work, one for each partition: its number, the executor that computed it, the fault of its rows or
 * null, and the result or null if there are no rows.
 *
 * <p>A task uses the rows in the executor's {@link BlockStore} and builds them from the parent if they do not exist.
 * Each partition prefers the executor that had it last. A fault of the rows is a result and not a failure, because
 * Spark would try a failed task again.
 */
final class BlockRdd extends RDD<Tuple4<Integer, String, String, Object>> {
    private static final long serialVersionUID = 1;

    private final RDD<InternalRow> rows;
    private final Broadcast<FitLease> lease;
    private final RowFormat format;
    private final BlockMemory memory;
    private final PartitionWork<?> work;
    /** Used by the driver; tasks do not need them. */
    private final transient String[] locations;

    @SuppressWarnings({"unchecked", "rawtypes"})
    BlockRdd(
            RDD<InternalRow> rows,
            Broadcast<FitLease> lease,
            RowFormat format,
            BlockMemory memory,
            PartitionWork<?> work,
            String[] locations) {
        super(rows, (scala.reflect.ClassTag) ClassTag$.MODULE$.apply(Tuple4.class));
        this.rows = rows;
        this.lease = lease;
        this.format = format;
        this.memory = memory;
        this.work = work;
        this.locations = locations;
    }

    @Override
    public Partition[] getPartitions() {
        return rows.partitions();
    }

    @Override
    public Seq<String> getPreferredLocations(Partition split) {
        String location = locations[split.index()];
        if (location == null) {
            return rows.preferredLocations(split);
        }
        return CollectionConverters.asScala(java.util.List.of(location)).toSeq();
    }

    @Override
    public Iterator<Tuple4<Integer, String, String, Object>> compute(Partition split, TaskContext context) {
        BlockStore store = BlockStore.executor();
        FitLease held = lease.value();
        PartitionRows found = null;
        Scratch scratch = null;
        Object result = null;
        String refused = null;
        try {
            found = store.acquire(held, split.index());
            if (found == null) {
                found = PartitionReader.read(rows.iterator(split, context), format, memory, split.index(), store);
                store.add(held, found);
            }
            if (found.rows() > 0) {
                scratch = store.takeScratch(held, Math.max(1, context.cpus()));
                result = work.run(found, scratch);
            }
        } catch (InvalidInputException e) {
            refused = e.getMessage();
        } finally {
            if (scratch != null) {
                store.release(held, scratch);
            }
            if (found != null) {
                store.release(held, found);
            }
        }
        BlockManagerId here = SparkEnv.get().blockManager().blockManagerId();
        // The form that Spark interprets as an executor, not as a host.
        String location = "executor_" + here.host() + "_" + here.executorId();
        return scala.collection.Iterator$.MODULE$.single(new Tuple4<>(split.index(), location, refused, result));
    }
}
