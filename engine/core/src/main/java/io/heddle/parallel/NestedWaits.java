package io.heddle.parallel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;

/**
 * Detects deadlocks between tasks of one pool that wait for another pool. Two tasks that wait for each other's pool
 * would deadlock; the second of them detects this here. Only nested calls that find their pool busy use this class, so
 * one lock is enough for all pools.
 */
final class NestedWaits {
    private static final List<Wait> WAITS = new ArrayList<>();

    private NestedWaits() {}

    /** @param held pools whose jobs cannot end before {@code wanted} is free */
    private record Wait(WorkerPool wanted, List<WorkerPool> held) {}

    /**
     * Waits for a pool, unless its job waits for one of the held pools, directly or through others.
     *
     * @param lock the lock of the pool
     * @param wanted the pool
     * @param held pools of whose tasks this thread is part
     * @return whether this thread has the lock
     */
    static boolean lock(Lock lock, WorkerPool wanted, List<WorkerPool> held) throws InterruptedException {
        Wait wait = new Wait(wanted, held);
        synchronized (WAITS) {
            if (leadsTo(wanted, held, new HashSet<>())) {
                return false;
            }
            WAITS.add(wait);
        }
        try {
            lock.lockInterruptibly();
            return true;
        } finally {
            synchronized (WAITS) {
                // Not by equality: several tasks of one job may wait for the same pool.
                WAITS.removeIf(w -> w == wait);
            }
        }
    }

    private static boolean leadsTo(WorkerPool from, List<WorkerPool> goals, Set<WorkerPool> seen) {
        if (goals.contains(from)) {
            return true;
        }
        return seen.add(from) && WAITS.stream().anyMatch(w -> w.held.contains(from) && leadsTo(w.wanted, goals, seen));
    }
}
