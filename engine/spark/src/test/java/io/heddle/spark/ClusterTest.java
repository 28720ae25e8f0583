package io.heddle.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.spark.partition.BlockStore;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests a fit on two executors in separate processes. One of them is killed during the fit. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ClusterTest {
    private static final float[][] X = LocalSpark.clusters(1200, 16, 5, 5);
    private static final int PARTITIONS = 4;

    private static StandaloneCluster cluster;
    private static SparkSession session;
    private static double[] inOneJvm;

    @BeforeAll
    static void start() throws Exception {
        inOneJvm = centers(estimator().fit(LocalSpark.vectors(X, PARTITIONS)));
        LocalSpark.session().stop();
        cluster = new StandaloneCluster();
        session = cluster.session();
    }

    @AfterAll
    static void stop() throws Exception {
        if (session != null) {
            session.stop();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    private static HeddleKMeans estimator() {
        return new HeddleKMeans().setK(5).setSeed(2).setTol(0).setMaxIter(12).setInitMode("random");
    }

    private static double[] centers(HeddleKMeansModel model) {
        List<Double> values = new ArrayList<>();
        for (var center : model.clusterCenters()) {
            for (double value : center.toArray()) {
                values.add(value);
            }
        }
        values.add(model.trainingCost());
        return values.stream().mapToDouble(v -> v).toArray();
    }

    /** The results of a function in every executor, with enough tasks that each executor runs some. */
    private static <T> TreeSet<T> inExecutors(Function<Integer, T> function) {
        return new TreeSet<>(JavaSparkContext.fromSparkContext(session.sparkContext())
                .parallelize(List.of(0, 1, 2, 3, 4, 5, 6, 7), 8)
                .map(i -> {
                    Thread.sleep(20);
                    return function.call(i);
                })
                .collect());
    }

    /** Kills an executor after some iterations. Spark starts another one, and reads the lost partitions again. */
    @Test
    void sameBitsAfterAnExecutorIsKilled() throws Exception {
        TreeSet<Long> executors = inExecutors(i -> ProcessHandle.current().pid());
        assertThat(executors).hasSize(2).doesNotContain(ProcessHandle.current().pid());
        ProcessHandle victim = ProcessHandle.of(executors.first()).orElseThrow();
        session.sparkContext().addSparkListener(new SparkListener() {
            private int started;

            @Override
            public void onTaskStart(SparkListenerTaskStart task) {
                started++;
                if (started == 6 * PARTITIONS) {
                    victim.destroyForcibly();
                }
            }
        });
        assertThat(centers(estimator().fit(LocalSpark.vectors(X, PARTITIONS)))).containsExactly(inOneJvm);
        assertThat(victim.isAlive()).isFalse();
        awaitNothingOutsideTheHeap();
    }

    /** Executors free the memory when the driver's message arrives, soon after the fit. */
    private static void awaitNothingOutsideTheHeap() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            if (inExecutors(n -> BlockStore.executor().bytes()).last() == 0) {
                return;
            }
            Thread.sleep(100);
        }
        assertThat(inExecutors(n -> BlockStore.executor().bytes())).containsOnly(0L);
    }
}
