package io.heddle.spark.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The blocks of all fits in this JVM, an executor. A task acquires the rows of its partition and releases them at its
 * end. If others need the memory, unused rows are dropped, the least recently used first. They are rebuilt from the
 * lineage when a task requests them.
 */
public final class BlockStore {
    private static final BlockStore EXECUTOR = new BlockStore();

    private record Key(String fit, int partition) {}

    private static final class Entry {
        final FitLease lease;
        final PartitionRows rows;
        boolean used = true;

        Entry(FitLease lease, PartitionRows rows) {
            this.lease = lease;
            this.rows = rows;
        }
    }

    /** In the order of their last use. */
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<String, Deque<Scratch>> scratches = new HashMap<>();
    private long reserved;
    private long builds;

    BlockStore() {}

    /** The store of this JVM. */
    public static BlockStore executor() {
        return EXECUTOR;
    }

    /** The bytes that are reserved. */
    public synchronized long bytes() {
        return reserved;
    }

    /** The number of partitions whose rows are in this store. */
    public synchronized int partitions() {
        return entries.size();
    }

    /** The number of times that rows were read into blocks since this JVM started. */
    public synchronized long builds() {
        return builds;
    }

    /** The number of scratches that wait for a task. */
    public synchronized int scratches() {
        return scratches.values().stream().mapToInt(Deque::size).sum();
    }

    /**
     * The rows, which the caller releases; null if they are not in this store or another attempt of the task uses them.
     */
    synchronized PartitionRows acquire(FitLease lease, int partition) {
        Entry entry = entries.get(new Key(lease.fit(), partition));
        if (entry == null || entry.used || entry.lease.isClosed()) {
            return null;
        }
        entry.used = true;
        return entry.rows;
    }

    /** Takes rows that the caller has built and releases later. */
    synchronized void add(FitLease lease, PartitionRows rows) {
        builds++;
        Entry before = entries.put(new Key(lease.fit(), rows.partition()), new Entry(lease, rows));
        if (before != null && !before.used) {
            before.rows.close();
        }
    }

    synchronized void release(FitLease lease, PartitionRows rows) {
        Key key = new Key(lease.fit(), rows.partition());
        Entry entry = entries.get(key);
        if (entry == null || entry.rows != rows) {
            // Another attempt of the task has replaced these rows.
            rows.close();
            return;
        }
        entry.used = false;
        if (entry.lease.isClosed()) {
            entries.remove(key);
            rows.close();
        }
    }

    /** Frees all memory of a fit that no task uses. The rest is freed when the tasks release it. */
    synchronized void drop(FitLease lease) {
        Iterator<Map.Entry<Key, Entry>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Key, Entry> next = all.next();
            if (next.getKey().fit.equals(lease.fit()) && !next.getValue().used) {
                all.remove();
                next.getValue().rows.close();
            }
        }
        Deque<Scratch> unused = scratches.remove(lease.fit());
        if (unused != null) {
            unused.forEach(Scratch::close);
        }
    }

    /** Reserves memory, and drops unused rows if needed. */
    synchronized boolean reserve(long bytes, long limit) {
        if (reserved + bytes > limit) {
            dropUnused(reserved + bytes - limit);
        }
        if (reserved + bytes > limit) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    private void dropUnused(long wanted) {
        long target = reserved - wanted;
        List<Key> dropped = new ArrayList<>();
        for (Map.Entry<Key, Entry> next : entries.entrySet()) {
            if (reserved <= target) {
                break;
            }
            if (!next.getValue().used) {
                dropped.add(next.getKey());
                next.getValue().rows.close();
            }
        }
        dropped.forEach(entries::remove);
    }

    synchronized void free(long bytes) {
        reserved -= bytes;
    }

    /** Scratch memory for a task, which releases it. */
    Scratch takeScratch(FitLease lease, int threads) {
        synchronized (this) {
            Deque<Scratch> unused = scratches.get(lease.fit());
            if (unused != null && !unused.isEmpty()) {
                return unused.pop();
            }
        }
        return new Scratch(threads);
    }

    void release(FitLease lease, Scratch scratch) {
        synchronized (this) {
            if (!lease.isClosed()) {
                scratches
                        .computeIfAbsent(lease.fit(), fit -> new ArrayDeque<>())
                        .push(scratch);
                return;
            }
        }
        scratch.close();
    }
}
