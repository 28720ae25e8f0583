package io.heddle.reliability;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.cluster.consensus.NeighborClusteringModel;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.linear.LogisticModel;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.Pipeline;
import io.heddle.model.Stage;
import io.heddle.parallel.WorkerPool;
import io.heddle.reliability.CloseRace.Kind;
import io.heddle.reliability.CloseRace.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests {@code close()} during predictions. Each thread gets right answers and then the documented exception. An access
 * to freed memory would crash the JVM.
 */
@Timeout(300)
@Tag("slow")
class CloseWhileUsedTest {
    private static final int ROWS = 160;
    private static final int COLUMNS = 21;
    private static final int ROUNDS = 40;

    @TempDir
    static Path folder;

    private static FloatMatrix x;
    private static int[] labels;
    private static float[][] rows;
    private static WorkerPool pool;

    @BeforeAll
    static void draw() {
        pool = WorkerPool.of(3);
        Random random = new Random(3);
        x = FloatMatrix.allocate(ROWS, COLUMNS);
        labels = new int[ROWS];
        rows = new float[ROWS][COLUMNS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % 4;
            for (int j = 0; j < COLUMNS; j++) {
                rows[i][j] = (float) (random.nextGaussian() + (j % 4 == labels[i] ? 2 : 0));
            }
            x.setRow(i, rows[i]);
        }
    }

    @AfterAll
    static void free() {
        x.close();
        pool.close();
    }

    /** A subject of a question and a way to close. */
    private record Used(java.util.function.IntFunction<Object> answer, Runnable end) implements Subject {
        @Override
        public Object ask(int question) {
            return answer.apply(question);
        }

        @Override
        public void close() {
            end.run();
        }
    }

    private static LogisticModel logistic() {
        return LogisticRegression.fit(x, labels, LogisticRegression.Options.defaults(), pool);
    }

    private static PcaModel components() {
        return Pca.fit(x, Pca.Options.defaults().withComponents(5), pool);
    }

    private static int hash(FloatMatrix matrix) {
        try (matrix) {
            float[] row = new float[matrix.columns()];
            int hash = 0;
            for (long i = 0; i < matrix.rows(); i++) {
                matrix.getRow(i, row);
                hash = 31 * hash + Arrays.hashCode(row);
            }
            return hash;
        }
    }

    private static void race(Kind kind, Supplier<Subject> subjects) throws Exception {
        CloseRace.run(kind, ROUNDS, subjects);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void classifierOfSingleRows(Kind kind) throws Exception {
        race(kind, () -> {
            LogisticModel model = logistic();
            float[][] out = new float[16][4];
            return new Used(
                    q -> {
                        float[] p = out[q].clone();
                        model.probabilities(rows[q], p);
                        return model.predict(rows[q]) + " " + Arrays.toString(p);
                    },
                    model::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void classifierOfManyRows(Kind kind) throws Exception {
        race(kind, () -> {
            LogisticModel model = logistic();
            return new Used(
                    q -> q % 2 == 0
                            ? Arrays.hashCode(model.predict(x, pool))
                            : Integer.valueOf(hash(model.probabilities(x, pool))),
                    model::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void clusters(Kind kind) throws Exception {
        race(kind, () -> {
            KMeansModel model = KMeans.fit(x, KMeans.Options.defaults().withClusters(6), pool);
            return new Used(
                    q -> q % 4 == 0
                            ? Arrays.hashCode(model.predict(x, pool))
                            : q % 4 == 1 ? Integer.valueOf(hash(model.distances(x))) : (Object) model.predict(rows[q]),
                    model::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void components(Kind kind) throws Exception {
        race(kind, () -> {
            PcaModel model = components();
            return new Used(
                    q -> {
                        if (q % 4 == 0) {
                            return hash(model.transform(x, pool));
                        }
                        float[] out = new float[5];
                        model.transform(rows[q], out);
                        return Arrays.toString(out);
                    },
                    model::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void headsOfNeighbours(Kind kind) throws Exception {
        NeighborClustering.Options options =
                NeighborClustering.Options.defaults().withClusters(4);
        CloseRace.run(kind, 3, () -> {
            NeighborClusteringModel model = NeighborClustering.fit(x, options, pool);
            return new Used(q -> Arrays.hashCode(model.predict(x, pool)), model::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void pipeline(Kind kind) throws Exception {
        race(kind, () -> {
            PcaModel pca = components();
            LogisticModel model;
            try (FloatMatrix less = pca.transform(x, pool)) {
                model = LogisticRegression.fit(less, labels, LogisticRegression.Options.defaults(), pool);
            }
            Pipeline pipeline = Pipeline.of(new Stage.Components(pca), new Stage.Classifier(model));
            return new Used(
                    q -> q % 4 == 0 ? Arrays.hashCode(pipeline.predict(x)) : (Object) pipeline.predict(rows[q]),
                    pipeline::close);
        });
    }

    /** A fit whose data are closed during the fit. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void dataOfAFit(Kind kind) throws Exception {
        race(kind, () -> {
            FloatMatrix data = x.copy();
            return new Used(
                    q -> {
                        switch (q % 3) {
                            case 0 -> {
                                try (LogisticModel m = LogisticRegression.fit(
                                        data, labels, LogisticRegression.Options.defaults(), pool)) {
                                    return Arrays.toString(m.intercepts());
                                }
                            }
                            case 1 -> {
                                try (KMeansModel m = KMeans.fit(
                                        data, KMeans.Options.defaults().withClusters(3), pool)) {
                                    return Arrays.hashCode(m.labels());
                                }
                            }
                            default -> {
                                float[] row = new float[COLUMNS];
                                data.getRow(q, row);
                                return data.get(q, 3) + Arrays.toString(row);
                            }
                        }
                    },
                    data::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void bytesOfAMappedFile(Kind kind) throws Exception {
        byte[] bytes = new byte[4_000 * COLUMNS];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("bytes"), bytes);
        race(kind, () -> {
            ByteMatrix data;
            try {
                data = ByteMatrix.map(file, 0, 4_000, COLUMNS, 1f);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Used(
                    q -> {
                        if (q % 8 != 0) {
                            return data.get(q, 2);
                        }
                        try (PcaModel m = Pca.fit(data, Pca.Options.defaults().withComponents(2), pool)) {
                            return m.explainedVariance()[0];
                        }
                    },
                    data::close);
        });
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void workerPool(Kind kind) throws Exception {
        race(kind, () -> {
            WorkerPool own = WorkerPool.of(3);
            return new Used(
                    q -> {
                        AtomicInteger sum = new AtomicInteger();
                        own.run(q + 1, (task, worker) -> sum.addAndGet(task));
                        return sum.get();
                    },
                    own::close);
        });
    }
}
