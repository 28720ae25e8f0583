package io.heddle.parallel;

import io.heddle.matrix.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A fixed pool of worker threads for compute loops.
 *
 * <p>A job is a number of tasks. The calling thread and the pool's threads run them, and {@link #run} returns when
 * every task is done. Any thread may run any task, so each task must write to its own results, and the caller merges
 * these in the order of the tasks. If the partition depends only on the data, the result has the same bits for any
 * number of threads.
 *
 * <p>One job runs at a time; callers from several threads wait for each other. If a task calls {@link #run} on its own
 * pool, directly or through a job of another pool, the inner tasks run on the calling thread, one after the other. The
 * same holds for tasks that nest pools in opposite order and would otherwise deadlock. A task deadlocks if it waits for
 * another thread that calls {@link #run} on the same pool.
 *
 * <p>Interruption: {@link Thread#interrupt} of the calling thread ends {@link #run} with a
 * {@link CancellationException}. Running tasks finish first, pending tasks are dropped, and the thread stays
 * interrupted. The pool can be used again. Every fit, transform and batch prediction of the engine runs in such jobs,
 * so it ends in the same way and frees its off-heap memory.
 *
 * <p>For example: {@snippet file="ParallelExamplesTest.java" region="worker-pool"}
 */
public final class WorkerPool implements AutoCloseable {
    /** System property that sets the size of the shared pool; by default, the number of processors. */
    public static final String THREADS_PROPERTY = "heddle.threads";

    private final Thread[] workers;
    private final boolean permanent;
    private final ReentrantLock oneJobAtATime = new ReentrantLock();
    private volatile Job current;
    private volatile boolean closed;

    /** The tasks of a job. Called once for each task index, from any thread of the pool. */
    @FunctionalInterface
    public interface Task {
        /**
         * Runs one task.
         *
         * @param index the task, 0 ≤ index &lt; number of tasks
         * @param worker the thread that runs it, 0 ≤ worker &lt; {@link WorkerPool#threads()}: for scratch memory
         */
        void run(int index, int worker);
    }

    private WorkerPool(int threads, boolean permanent) {
        this.permanent = permanent;
        workers = new Thread[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            int worker = i + 1;
            workers[i] =
                    Thread.ofPlatform().daemon().name("heddle-worker-" + worker).unstarted(() -> work(worker));
        }
        for (Thread t : workers) {
            t.start();
        }
    }

    private static final class SharedPool {
        static final WorkerPool INSTANCE = new WorkerPool(defaultThreads(), true);
    }

    private static int defaultThreads() {
        int asked = Integer.getInteger(THREADS_PROPERTY, 0);
        return asked > 0 ? asked : Runtime.getRuntime().availableProcessors();
    }

    /** {@return the default pool: one thread per processor, or as many as {@value #THREADS_PROPERTY} sets} */
    public static WorkerPool shared() {
        return SharedPool.INSTANCE;
    }

    /**
     * {@return a new pool, which the caller closes}
     *
     * @param threads how many threads work on a job, the caller's included; 1 to 1024
     */
    public static WorkerPool of(int threads) {
        InvalidInputException.require(
                threads >= 1 && threads <= 1024, "a worker pool needs 1 to 1024 threads, not %d", threads);
        return new WorkerPool(threads, false);
    }

    /** {@return how many threads work on a job, the caller's included} */
    public int threads() {
        return workers.length + 1;
    }

    /**
     * Runs a job and returns when it is done.
     *
     * @param tasks number of tasks, ≥ 0
     * @param task called once for each index
     * @throws IllegalStateException if the pool is closed
     * @throws CancellationException if the calling thread is interrupted; it stays interrupted
     * @throws RuntimeException or {@link Error}: the first exception that a task threw; pending tasks are then dropped
     */
    public void run(int tasks, Task task) {
        requireOpen();
        checkInterrupted();
        if (tasks <= 0) {
            return;
        }
        Place place = Place.CURRENT.get();
        Job lent = null;
        while (place != null && place.job.pool != this) {
            lent = place.job;
            place = place.job.caller;
        }
        if (place != null) {
            runInPlace(tasks, task, place.worker, lent);
        } else if (lock()) {
            try {
                requireOpen();
                runJob(tasks, task);
            } finally {
                oneJobAtATime.unlock();
            }
        } else {
            // Another job has the workers, and it waits for the job that this call belongs to.
            runInPlace(tasks, task, 0, null);
        }
    }

    /**
     * Throws if the work under way is to end: between the steps of a computation that runs no jobs for long, and in
     * tasks that take long.
     *
     * @throws CancellationException if this thread is interrupted; in a task, if the thread that called {@link #run} is
     *     interrupted, or another task of the job has failed
     */
    public static void checkInterrupted() {
        Place place = Place.CURRENT.get();
        if (Thread.currentThread().isInterrupted() || place != null && place.job.isStopped()) {
            throw interrupted();
        }
    }

    private static CancellationException interrupted() {
        return new CancellationException("the work was ended, because its thread was interrupted");
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this worker pool is closed");
        }
    }

    /** Whether this thread has the pool now; otherwise two threads would wait for each other. */
    private boolean lock() {
        if (oneJobAtATime.tryLock()) {
            return true;
        }
        List<WorkerPool> held = new ArrayList<>();
        for (Place at = Place.CURRENT.get(); at != null; at = at.job.caller) {
            held.add(at.job.pool);
        }
        try {
            return NestedWaits.lock(oneJobAtATime, this, held);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private void runJob(int tasks, Task task) {
        Job job = new Job(this, tasks, task);
        Patience patience = new Patience();
        try {
            if (tasks > 1 && workers.length > 0) {
                current = job;
                int helpers = Math.min(workers.length, tasks - 1);
                for (int i = 0; i < helpers; i++) {
                    LockSupport.unpark(workers[i]);
                }
            }
            job.work(0);
        } catch (Throwable e) {
            // Creating the job may fail for lack of memory. No worker may then be left with it.
            job.fail(e);
            job.drop();
        }
        job.await(patience);
        current = null;
        job.rethrow();
    }

    /**
     * @param lent the job whose caller is that worker and waits for it; several threads of another pool may be at work
     *     on it, which take turns, for a worker is one thread at a time. Null where this thread is the worker itself
     */
    private static void runInPlace(int tasks, Task task, int worker, Job lent) {
        if (lent != null) {
            lent.turn.lock();
        }
        try {
            for (int i = 0; i < tasks; i++) {
                checkInterrupted();
                task.run(i, worker);
            }
        } finally {
            if (lent != null) {
                lent.turn.unlock();
            }
        }
    }

    private void work(int worker) {
        Job last = null;
        Patience patience = new Patience();
        while (!closed) {
            Job job = current;
            if (job != null && job != last) {
                try {
                    job.work(worker);
                } catch (Throwable e) {
                    // Out of memory before the thread took a task: the other threads run the job, and this thread keeps
                    // running.
                    job.fail(e);
                }
                last = job;
                patience.renew();
            } else if (patience.isOver()) {
                last = null;
                // A task may have left the thread interrupted, which would not sleep then.
                Thread.interrupted();
                LockSupport.park(this);
                patience.renew();
            }
        }
    }

    /**
     * Ends the threads after the running job has finished. Does nothing for the shared pool.
     *
     * @throws IllegalStateException if a task of this pool calls it
     */
    @Override
    public void close() {
        if (permanent) {
            return;
        }
        for (Place at = Place.CURRENT.get(); at != null; at = at.job.caller) {
            if (at.job.pool == this) {
                throw new IllegalStateException("a worker pool cannot be closed by a task that it runs");
            }
        }
        oneJobAtATime.lock();
        try {
            closed = true;
            for (Thread t : workers) {
                LockSupport.unpark(t);
            }
        } finally {
            oneJobAtATime.unlock();
        }
    }

    /**
     * The time that a thread spins before it sleeps. Waking a sleeping processor takes as long as a short job, and
     * longer on a virtual machine. So a thread spins for about the time between two jobs of a solver.
     */
    private static final class Patience {
        private static final int SPINS = 2_000;
        private static final long NANOS = 1_000_000;

        private int spins;
        private long end;

        void renew() {
            spins = 0;
        }

        /** Returns whether to sleep now; otherwise spins once. */
        boolean isOver() {
            if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
                return false;
            }
            long now = System.nanoTime();
            if (spins == SPINS) {
                spins++;
                end = now + NANOS;
            }
            // Lets another thread use this processor.
            Thread.yield();
            return now - end >= 0;
        }
    }

    /** The job that a thread runs, and its worker number in the pool. */
    private record Place(Job job, int worker) {
        static final ThreadLocal<Place> CURRENT = new ThreadLocal<>();
    }

    private static final class Job {
        final WorkerPool pool;
        /** The task that made the call; null if none. */
        final Place caller = Place.CURRENT.get();

        final ReentrantLock turn = new ReentrantLock();
        private final int tasks;
        private final Task task;
        private final Thread waiting = Thread.currentThread();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;
        private volatile Throwable failure;
        private volatile boolean cancelled;

        Job(WorkerPool pool, int tasks, Task task) {
            this.pool = pool;
            this.tasks = tasks;
            this.task = task;
            this.left = new AtomicInteger(tasks);
        }

        void work(int worker) {
            Place outer = Place.CURRENT.get();
            Place.CURRENT.set(new Place(this, worker));
            try {
                int i;
                while ((i = next.getAndIncrement()) < tasks) {
                    try {
                        if (isStopped()) {
                            cancelled = true;
                        } else {
                            runOne(i, worker);
                        }
                    } finally {
                        // Always, because the caller waits for each task that was taken.
                        done(1);
                    }
                }
            } finally {
                Place.CURRENT.set(outer);
            }
        }

        private void done(int count) {
            if (left.addAndGet(-count) == 0) {
                LockSupport.unpark(waiting);
            }
        }

        /** Whether pending tasks are dropped. */
        boolean isStopped() {
            return cancelled || failure != null || waiting.isInterrupted() || caller != null && caller.job.isStopped();
        }

        /** Keeps the first failure. A monitor, because the first use of an atomic reference allocates memory. */
        synchronized void fail(Throwable e) {
            if (failure == null) {
                failure = e;
            }
        }

        /** Drops all pending tasks. */
        void drop() {
            int first = next.getAndSet(tasks);
            if (first < tasks) {
                done(tasks - first);
            }
        }

        private void runOne(int i, int worker) {
            try {
                task.run(i, worker);
            } catch (Throwable e) {
                // Rethrown to the caller: a worker thread must survive any exception of a task.
                fail(e);
            }
        }

        void await(Patience patience) {
            boolean interrupted = false;
            while (left.get() > 0) {
                if (patience.isOver()) {
                    LockSupport.park(this);
                    if (Thread.interrupted()) {
                        interrupted = true;
                        cancelled = true;
                    }
                }
            }
            if (interrupted) {
                waiting.interrupt();
            }
        }

        void rethrow() {
            switch (failure) {
                case null -> {
                    if (cancelled) {
                        throw interrupted();
                    }
                }
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }
}
