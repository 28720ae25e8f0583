package io.heddle.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkerPoolTest {
    static double harmonic(WorkerPool pool) {
        double[] parts = new double[64];
        pool.run(parts.length, (index, worker) -> {
            for (int i = index * 1000 + 1; i <= (index + 1) * 1000; i++) {
                parts[index] += 1.0 / i;
            }
        });
        double sum = 0;
        for (double part : parts) {
            sum += part;
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 33})
    void everyTaskRunsOnceWithAWorkerInRange(int threads) {
        try (WorkerPool pool = WorkerPool.of(threads)) {
            assertThat(pool.threads()).isEqualTo(threads);
            for (int tasks : new int[] {0, 1, 2, 7, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
                pool.run(tasks, (index, worker) -> {
                    runs.incrementAndGet(index);
                    assertThat(worker).isBetween(0, threads - 1);
                });
                for (int i = 0; i < tasks; i++) {
                    assertThat(runs.get(i)).isOne();
                }
            }
        }
    }

    @Test
    void severalThreadsWorkOnOneJob() throws InterruptedException {
        try (WorkerPool pool = WorkerPool.of(3)) {
            // Each task waits for the other two: this ends only if three threads run at the same time.
            CountDownLatch together = new CountDownLatch(3);
            AtomicIntegerArray workers = new AtomicIntegerArray(3);
            pool.run(3, (index, worker) -> {
                together.countDown();
                try {
                    together.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                workers.incrementAndGet(worker);
            });
            assertThat(workers.toString()).isEqualTo("[1, 1, 1]");
        }
    }

    @Test
    void theOrderedMergeIsTheSameForAnyNumberOfThreads() {
        double alone;
        try (WorkerPool pool = WorkerPool.of(1)) {
            alone = harmonic(pool);
        }
        for (int threads : new int[] {2, 4, 8}) {
            try (WorkerPool pool = WorkerPool.of(threads)) {
                assertThat(harmonic(pool)).isEqualTo(alone);
            }
        }
        assertThat(harmonic(WorkerPool.shared())).isEqualTo(alone);
    }

    @Test
    void anExceptionOfATaskReachesTheCallerAndThePoolStaysUsable() {
        try (WorkerPool pool = WorkerPool.of(4)) {
            RuntimeException mine = new IllegalArgumentException("task 13");
            for (int round = 0; round < 100; round++) {
                assertThatThrownBy(() -> pool.run(50, (index, worker) -> {
                            if (index == 13) {
                                throw mine;
                            }
                        }))
                        .isSameAs(mine);
            }
            Error error = new StackOverflowError();
            assertThatThrownBy(() -> pool.run(5, (index, worker) -> {
                        throw error;
                    }))
                    .isSameAs(error);
            assertThatThrownBy(() -> pool.run(2, (index, worker) -> sneak(new IOException("checked"))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("checked");
            assertThat(harmonic(pool)).isPositive();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable e) throws E {
        throw (E) e;
    }

    @Test
    void theFirstFailureIsTheOneReported() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            CountDownLatch bothBegan = new CountDownLatch(2);
            CountDownLatch firstFailed = new CountDownLatch(1);
            // Task 1 fails only after task 0 has left its thread, which then works on task 2.
            assertThatThrownBy(() -> pool.run(2, (index, worker) -> {
                        bothBegan.countDown();
                        await(bothBegan);
                        if (index == 0) {
                            firstFailed.countDown();
                            throw new IllegalStateException("first");
                        }
                        await(firstFailed);
                        pause();
                        throw new IllegalStateException("second");
                    }))
                    .hasMessage("first");
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void afterAFailureTasksNotYetStartedAreDropped() {
        try (WorkerPool pool = WorkerPool.of(1)) {
            AtomicInteger runs = new AtomicInteger();
            assertThatThrownBy(() -> pool.run(10, (index, worker) -> {
                        runs.incrementAndGet();
                        throw new IllegalStateException("task " + index);
                    }))
                    .hasMessage("task 0");
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void aTaskMayRunTasksOfItsOwn() {
        try (WorkerPool pool = WorkerPool.of(4)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(8 * 8);
            pool.run(
                    8,
                    (outer, worker) -> pool.run(8, (inner, innerWorker) -> {
                        assertThat(innerWorker).isEqualTo(worker);
                        runs.incrementAndGet(outer * 8 + inner);
                    }));
            for (int i = 0; i < 64; i++) {
                assertThat(runs.get(i)).isOne();
            }
            assertThatThrownBy(() -> pool.run(
                            4,
                            (outer, worker) -> pool.run(4, (inner, innerWorker) -> {
                                throw new IllegalArgumentException("inner");
                            })))
                    .hasMessage("inner");
        }
    }

    /** Runs on worker threads of the outer pool during its job. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aTaskMayRunTasksOfItsOwnWithinAnotherPool() {
        try (WorkerPool pool = WorkerPool.of(3);
                WorkerPool between = WorkerPool.of(3)) {
            AtomicIntegerArray runs = new AtomicIntegerArray(6 * 6 * 6);
            AtomicIntegerArray inside = new AtomicIntegerArray(3);
            for (int round = 0; round < 50; round++) {
                pool.run(
                        6,
                        (i, worker) -> between.run(
                                6,
                                (j, other) -> pool.run(6, (k, inner) -> {
                                    assertThat(inner).isEqualTo(worker);
                                    assertThat(inside.incrementAndGet(inner)).isOne();
                                    runs.incrementAndGet((i * 6 + j) * 6 + k);
                                    inside.decrementAndGet(inner);
                                })));
            }
            for (int i = 0; i < runs.length(); i++) {
                assertThat(runs.get(i)).isEqualTo(50);
            }
        }
    }

    @Test
    void refusesUseAfterClose() {
        WorkerPool pool = WorkerPool.of(3);
        pool.run(3, (index, worker) -> {});
        pool.close();
        pool.close();
        assertThatThrownBy(() -> pool.run(1, (index, worker) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this worker pool is closed");
    }

    @Test
    void closingEndsTheThreads() throws InterruptedException {
        AtomicReference<Thread> helper = new AtomicReference<>();
        WorkerPool pool = WorkerPool.of(2);
        CountDownLatch both = new CountDownLatch(2);
        Thread caller = Thread.currentThread();
        pool.run(2, (index, worker) -> {
            both.countDown();
            await(both);
            if (Thread.currentThread() != caller) {
                helper.set(Thread.currentThread());
            }
        });
        assertThat(helper.get().isDaemon()).isTrue();
        pool.close();
        helper.get().join();
        assertThat(helper.get().isAlive()).isFalse();
    }

    @Test
    void theSharedPoolStaysOpen() {
        WorkerPool.shared().close();
        assertThat(harmonic(WorkerPool.shared())).isPositive();
        assertThat(WorkerPool.shared()).isSameAs(WorkerPool.shared());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1025})
    void refusesInvalidSizes(int threads) {
        assertThatThrownBy(() -> WorkerPool.of(threads))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a worker pool needs 1 to 1024 threads, not " + threads);
    }

    @Test
    void callersFromSeveralThreadsWaitForEachOther() throws InterruptedException {
        try (WorkerPool pool = WorkerPool.of(3)) {
            AtomicInteger total = new AtomicInteger();
            AtomicInteger callersInside = new AtomicInteger();
            AtomicReference<Throwable> trouble = new AtomicReference<>();
            List<Thread> callers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Thread caller = new Thread(() -> {
                    try {
                        for (int round = 0; round < 500; round++) {
                            AtomicInteger tasksOfThisJob = new AtomicInteger();
                            pool.run(5, (index, worker) -> {
                                if (tasksOfThisJob.getAndIncrement() == 0) {
                                    assertThat(callersInside.incrementAndGet()).isOne();
                                }
                                total.incrementAndGet();
                                if (tasksOfThisJob.getAndIncrement() == 9) {
                                    callersInside.decrementAndGet();
                                }
                            });
                        }
                    } catch (Throwable e) {
                        trouble.set(e);
                    }
                });
                callers.add(caller);
                caller.start();
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(trouble.get()).isNull();
            assertThat(total).hasValue(4 * 500 * 5);
        }
    }

    /** Each of two threads uses one pool and waits for the other. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void poolsThatNestInOppositeOrderDoNotDeadlock(int threads) throws InterruptedException {
        try (WorkerPool a = WorkerPool.of(threads);
                WorkerPool b = WorkerPool.of(threads)) {
            for (int round = 0; round < 50; round++) {
                CountDownLatch both = new CountDownLatch(2);
                AtomicInteger runs = new AtomicInteger();
                Thread one = new Thread(() -> nest(a, b, both, runs));
                Thread other = new Thread(() -> nest(b, a, both, runs));
                one.start();
                other.start();
                one.join();
                other.join();
                assertThat(runs).hasValue(2 * 4 * 5);
            }
        }
    }

    private static void nest(WorkerPool outer, WorkerPool inner, CountDownLatch both, AtomicInteger runs) {
        outer.run(4, (i, w) -> {
            both.countDown();
            await(both);
            inner.run(5, (j, v) -> {
                assertThat(v).isBetween(0, inner.threads() - 1);
                runs.incrementAndGet();
            });
        });
    }

    /** A cycle of three pools. */
    @Tag("slow")
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void threePoolsThatNestInACycleDoNotDeadlock() throws InterruptedException {
        List<WorkerPool> pools = List.of(WorkerPool.of(2), WorkerPool.of(2), WorkerPool.of(2));
        for (int round = 0; round < 50; round++) {
            CountDownLatch all = new CountDownLatch(3);
            AtomicInteger runs = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                WorkerPool outer = pools.get(p);
                WorkerPool inner = pools.get((p + 1) % 3);
                threads.add(new Thread(() -> nest(outer, inner, all, runs)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(runs).hasValue(3 * 4 * 5);
        }
        pools.forEach(WorkerPool::close);
    }

    @Test
    void aTaskCannotCloseItsOwnPool() {
        try (WorkerPool pool = WorkerPool.of(2)) {
            assertThatThrownBy(() -> pool.run(1, (index, worker) -> pool.close()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("a worker pool cannot be closed by a task that it runs");
            assertThat(harmonic(pool)).isPositive();
        }
    }

    /** Each caller gets its results or the documented exception; none deadlocks. */
    @Tag("slow")
    @Test
    void closingDuringJobsThrowsTheDocumentedException() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            WorkerPool pool = WorkerPool.of(3);
            AtomicReference<Throwable> trouble = new AtomicReference<>();
            List<Thread> callers = new ArrayList<>();
            CountDownLatch began = new CountDownLatch(3);
            for (int t = 0; t < 3; t++) {
                callers.add(new Thread(() -> {
                    began.countDown();
                    try {
                        while (true) {
                            AtomicInteger runs = new AtomicInteger();
                            pool.run(7, (index, worker) -> runs.incrementAndGet());
                            if (runs.get() != 7) {
                                trouble.set(new AssertionError("only " + runs + " tasks ran"));
                                return;
                            }
                        }
                    } catch (IllegalStateException e) {
                        if (!e.getMessage().equals("this worker pool is closed")) {
                            trouble.set(e);
                        }
                    } catch (Throwable e) {
                        trouble.set(e);
                    }
                }));
            }
            callers.forEach(Thread::start);
            await(began);
            pool.close();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(trouble.get()).isNull();
        }
    }

    @Test
    void manyShortJobs() {
        try (WorkerPool pool = WorkerPool.of(4)) {
            long[] sum = new long[16 * 8];
            for (int round = 1; round <= 20_000; round++) {
                int add = round;
                pool.run(1 + round % 8, (index, worker) -> sum[index * 16] += add);
            }
            long total = 0;
            for (long part : sum) {
                total += part;
            }
            long expected = 0;
            for (int round = 1; round <= 20_000; round++) {
                expected += (long) round * (1 + round % 8);
            }
            // Detects lost writes and jobs that return early: the tasks write plain, unguarded memory.
            assertThat(total).isEqualTo(expected);
        }
    }

    @Test
    void poolsMayNest() {
        try (WorkerPool outer = WorkerPool.of(3);
                WorkerPool inner = WorkerPool.of(2)) {
            AtomicInteger runs = new AtomicInteger();
            outer.run(6, (i, w) -> inner.run(5, (j, v) -> runs.incrementAndGet()));
            assertThat(runs).hasValue(30);
        }
    }
}
