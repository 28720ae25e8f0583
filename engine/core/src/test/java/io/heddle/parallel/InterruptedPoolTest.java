package io.heddle.parallel;

import static io.heddle.parallel.WorkerPoolTest.await;
import static io.heddle.parallel.WorkerPoolTest.harmonic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests interruptions of the calling thread. */
@Timeout(60)
class InterruptedPoolTest {
    @Test
    void anInterruptionEndsTheJobButNotThePool() throws InterruptedException {
        try (WorkerPool pool = WorkerPool.of(3)) {
            CountDownLatch began = new CountDownLatch(1);
            AtomicInteger runs = new AtomicInteger();
            AtomicReference<Throwable> end = new AtomicReference<>();
            AtomicReference<Boolean> still = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    pool.run(100_000, (index, worker) -> {
                        began.countDown();
                        runs.incrementAndGet();
                        LockSupport.parkNanos(1_000_000);
                    });
                } catch (Throwable e) {
                    end.set(e);
                }
                still.set(Thread.currentThread().isInterrupted());
            });
            caller.start();
            await(began);
            caller.interrupt();
            caller.join();
            assertThat(end.get())
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("the work was ended, because its thread was interrupted");
            assertThat(still.get()).isTrue();
            assertThat(runs.get()).isLessThan(100_000);
            assertThat(harmonic(pool)).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anInterruptedThreadStartsNoJob(int threads) {
        try (WorkerPool pool = WorkerPool.of(threads)) {
            AtomicInteger runs = new AtomicInteger();
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> pool.run(5, (index, worker) -> runs.incrementAndGet()))
                        .isInstanceOf(CancellationException.class);
                assertThatThrownBy(WorkerPool::checkInterrupted).isInstanceOf(CancellationException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(runs).hasValue(0);
            WorkerPool.checkInterrupted();
        }
    }

    @Test
    void anInterruptionEndsTheWaitForAnotherCaller() throws InterruptedException {
        try (WorkerPool pool = WorkerPool.of(2)) {
            CountDownLatch began = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Thread first = new Thread(() -> pool.run(1, (index, worker) -> {
                began.countDown();
                await(go);
            }));
            first.start();
            await(began);
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread second = new Thread(() -> {
                try {
                    pool.run(1, (index, worker) -> {});
                } catch (Throwable e) {
                    end.set(e);
                }
            });
            second.start();
            second.interrupt();
            second.join();
            assertThat(end.get()).isInstanceOf(CancellationException.class);
            go.countDown();
            first.join();
        }
    }

    /** Tests that tasks on every thread of both pools and of the inner jobs are interrupted. */
    @Test
    void anInterruptionReachesLongTasksAndNestedJobs() throws InterruptedException {
        try (WorkerPool outer = WorkerPool.of(2);
                WorkerPool inner = WorkerPool.of(2)) {
            CountDownLatch began = new CountDownLatch(2);
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                try {
                    outer.run(2, (i, w) -> {
                        began.countDown();
                        while (i == 0) {
                            WorkerPool.checkInterrupted();
                        }
                        while (true) {
                            inner.run(4, (j, v) -> {});
                        }
                    });
                } catch (Throwable e) {
                    end.set(e);
                }
            });
            caller.start();
            await(began);
            caller.interrupt();
            caller.join();
            assertThat(end.get()).isInstanceOf(CancellationException.class);
            assertThat(harmonic(outer)).isEqualTo(harmonic(inner));
        }
    }
}
