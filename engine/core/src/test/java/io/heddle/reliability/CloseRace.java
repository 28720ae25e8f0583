package io.heddle.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Repeatedly closes an object while other threads use it. */
public final class CloseRace {
    private static final int THREADS = 8;
    private static final int QUESTIONS = 16;

    private CloseRace() {}

    /** The object that is used and closed. */
    public interface Subject extends AutoCloseable {
        /** The answer to one of the questions 0 to 15, compared by {@code equals}. */
        Object ask(int question);

        @Override
        void close();
    }

    /** Kinds of threads that use a subject. */
    public enum Kind {
        /** Threads of the system. */
        PLATFORM,
        /** Virtual threads. */
        VIRTUAL,
        /** Workers of a {@link ForkJoinPool}. */
        FORK_JOIN
    }

    /**
     * Each thread must get the right answers until it gets an {@link IllegalStateException}.
     *
     * @param kind of the threads
     * @param rounds how many subjects are closed
     * @param subjects creates a new one for each round; all of them give the same answers
     */
    public static void run(Kind kind, int rounds, Supplier<Subject> subjects) throws Exception {
        Random random = new Random(5);
        List<Object> expected = new ArrayList<>();
        try (Subject first = subjects.get()) {
            for (int question = 0; question < QUESTIONS; question++) {
                expected.add(first.ask(question));
            }
        }
        try (ForkJoinPool forkJoin = new ForkJoinPool(THREADS)) {
            for (int round = 0; round < rounds; round++) {
                Subject subject = subjects.get();
                AtomicReference<Throwable> trouble = new AtomicReference<>();
                CountDownLatch begun = new CountDownLatch(2);
                CountDownLatch ended = new CountDownLatch(THREADS);
                for (int t = 0; t < THREADS; t++) {
                    int from = t;
                    start(kind, forkJoin, () -> {
                        try {
                            ask(subject, expected, from, begun);
                        } catch (Throwable e) {
                            trouble.compareAndSet(null, e);
                        } finally {
                            begun.countDown();
                            ended.countDown();
                        }
                    });
                }
                begun.await();
                TimeUnit.MICROSECONDS.sleep(random.nextInt(500));
                // Two threads at once, as during a shutdown.
                Future<?> other = forkJoin.submit(subject::close);
                subject.close();
                other.get();
                assertThat(ended.await(60, TimeUnit.SECONDS)).as("threads end").isTrue();
                if (trouble.get() != null) {
                    throw new AssertionError("in round " + round, trouble.get());
                }
            }
        }
    }

    private static void start(Kind kind, ForkJoinPool forkJoin, Runnable work) {
        switch (kind) {
            case PLATFORM -> Thread.ofPlatform().daemon().start(work);
            case VIRTUAL -> Thread.ofVirtual().start(work);
            case FORK_JOIN -> forkJoin.execute(work);
        }
    }

    private static void ask(Subject subject, List<Object> expected, int from, CountDownLatch begun) {
        for (int question = from; ; question++) {
            Object answer;
            try {
                answer = subject.ask(question % QUESTIONS);
            } catch (IllegalStateException e) {
                return;
            }
            Object right = expected.get(question % QUESTIONS);
            if (!answer.equals(right)) {
                throw new AssertionError("question %d: %s, not %s".formatted(question % QUESTIONS, answer, right));
            }
            begun.countDown();
            // Virtual threads share the processors only if they yield.
            Thread.yield();
        }
    }
}
