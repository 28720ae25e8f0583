package io.heddle.spark.partition;

import io.heddle.parallel.WorkerPool;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Memory that a task needs only while it runs. There is one for each concurrent task. Later tasks of the fit reuse
 * them, because closing off-heap memory stops all threads for a moment.
 */
public final class Scratch {
    private final WorkerPool pool;
    private final Map<String, AutoCloseable> things = new HashMap<>();

    Scratch(int threads) {
        pool = WorkerPool.of(threads);
    }

    /** The threads of the task: {@code spark.task.cpus}. */
    public WorkerPool pool() {
        return pool;
    }

    /**
     * Returns the object of that name, and creates it if it does not exist. Its contents are those of an earlier task.
     *
     * @param name with the shape, if objects of several shapes are used
     */
    public <T extends AutoCloseable> T get(String name, Class<T> type, Supplier<T> supplier) {
        AutoCloseable found = things.get(name);
        if (found == null) {
            found = supplier.get();
            things.put(name, found);
        }
        return type.cast(found);
    }

    void close() {
        pool.close();
        RuntimeException failure = null;
        for (AutoCloseable thing : things.values()) {
            try {
                thing.close();
            } catch (Exception e) {
                failure = new IllegalStateException("scratch memory cannot be freed", e);
            }
        }
        things.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
