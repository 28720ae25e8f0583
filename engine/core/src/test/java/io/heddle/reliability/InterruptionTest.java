package io.heddle.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.audit.LabelAudit;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.decomposition.Pca;
import io.heddle.linear.LogisticRegression;
import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.File;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Tests the interruption of fits. */
@Tag("slow")
class InterruptionTest {
    /** Runs in a separate JVM, because native memory is tracked only if an option of the start requests it. */
    @Test
    @DisabledIfSystemProperty(
            named = "heddle.test.maximumLanes",
            matches = ".*",
            disabledReason = "the same at any width")
    void anInterruptedFitThrowsTheDocumentedExceptionAndFreesItsMemory() throws Exception {
        String said = run("-XX:NativeMemoryTracking=summary", InterruptedFits.class.getName(), "25");
        assertThat(said.strip().lines().toList().getLast()).as(said).matches("[1-9]\\d* works interrupted, 0 faults");
    }

    @Test
    void anOutOfMemoryErrorInATaskLeavesThePoolUsable() throws Exception {
        assertThat(run("-Xmx32m", StarvedPool.class.getName()))
                .endsWith("50 of 50 rounds ended by OutOfMemoryError; the pool has all its threads\n");
    }

    /** Profiles of methods are in the metaspace too, so a small growth is not a leak; one class per round is. */
    @Test
    @DisabledIfSystemProperty(
            named = "heddle.test.maximumLanes",
            matches = ".*",
            disabledReason = "the same at any width")
    void aThousandFitsAndLoadsLeakNothing() throws Exception {
        String said = run("-XX:NativeMemoryTracking=summary", RepeatedFits.class.getName(), "350");
        Matcher figures = Pattern.compile(
                        "350 rounds of 3 fits and 3 loads: (-?\\d+) bytes outside the heap, (-?\\d+) classes, (-?\\d+) kB of"
                                + " metaspace more")
                .matcher(said.strip().lines().toList().getLast());
        assertThat(figures.matches()).as(said).isTrue();
        assertThat(Long.parseLong(figures.group(1))).as(said).isLessThanOrEqualTo(0);
        assertThat(Long.parseLong(figures.group(2))).as(said).isLessThan(20);
        assertThat(Long.parseLong(figures.group(3))).as(said).isLessThan(1024);
    }

    private static String run(String... words) throws Exception {
        Process process =
                new ProcessBuilder(java(words)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    private static List<String> java(String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Dheddle.threads=2"));
        String separator = File.pathSeparator;
        command.addAll(List.of(
                "-cp",
                folder(WorkerPool.class)
                        + separator
                        + folder(InterruptedFits.class)
                        + separator
                        + folder(IntArrayList.class)));
        command.addAll(List.of(words));
        return command;
    }

    /** The folder or archive of a class; the classes and the tests of the module are in one module here. */
    static Path folder(Class<?> type) throws Exception {
        URL resource = type.getResource(type.getSimpleName() + ".class");
        if (resource.getProtocol().equals("jar")) {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        }
        Path path = Path.of(resource.toURI());
        for (int up = type.getName().split("\\.").length; up > 0; up--) {
            path = path.getParent();
        }
        return path;
    }

    @Test
    void anExceptionFromAProgressCallbackEndsTheFitAndReachesTheCaller() {
        RuntimeException mine = new RuntimeException("enough");
        try (LongWorks works = new LongWorks(600, 24);
                WorkerPool pool = WorkerPool.of(2)) {
            var x = works.data.x();
            assertThatThrownBy(() -> LogisticRegression.fit(
                            x,
                            works.data.labels(),
                            LogisticRegression.Options.defaults().withProgress(p -> {
                                throw mine;
                            }),
                            pool))
                    .isSameAs(mine);
            for (KMeans.Algorithm algorithm : KMeans.Algorithm.values()) {
                KMeans.Options options = KMeans.Options.defaults().withAlgorithm(algorithm);
                assertThatThrownBy(() -> KMeans.fit(
                                x,
                                options.withProgress(p -> {
                                    throw mine;
                                }),
                                pool))
                        .isSameAs(mine);
            }
            assertThatThrownBy(() -> Pca.fit(
                            x,
                            Pca.Options.defaults()
                                    .withComponents(3)
                                    .withSolver(Pca.Solver.RANDOMIZED)
                                    .withProgress(p -> {
                                        throw mine;
                                    }),
                            pool))
                    .isSameAs(mine);
            assertThatThrownBy(() -> NeighborClustering.fit(
                            x,
                            NeighborClustering.Options.defaults()
                                    .withClusters(4)
                                    .withProgress(p -> {
                                        throw mine;
                                    }),
                            pool))
                    .isSameAs(mine);
            assertThatThrownBy(() -> LabelAudit.run(
                            x,
                            works.data.labels(),
                            LabelAudit.Options.defaults().withProgress(p -> {
                                throw mine;
                            }),
                            pool))
                    .isSameAs(mine);
            works.all.get("k-means Lloyd").run(works.data, pool);
        }
    }
}
