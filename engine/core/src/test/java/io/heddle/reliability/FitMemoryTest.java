package io.heddle.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.parallel.WorkerPool;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the bounds of off-heap memory in the Javadoc of the fits hold and are not far too high. */
@Tag("slow")
@DisabledIfSystemProperty(named = "heddle.test.maximumLanes", matches = ".*", disabledReason = "the same at any width")
class FitMemoryTest {
    private static final Pattern FIGURES = Pattern.compile("(.+): (\\d+) of (\\d+) bytes");

    /** One JVM at a time would leave a part of two cores idle. */
    private static final ExecutorService TWO_AT_A_TIME = Executors.newFixedThreadPool(2);

    private static final List<Future<String>> REPORTS = new ArrayList<>();

    @BeforeAll
    static void start() {
        fits().forEach(number -> REPORTS.add(TWO_AT_A_TIME.submit(() -> run(number))));
    }

    @AfterAll
    static void end() {
        TWO_AT_A_TIME.shutdownNow();
    }

    static IntStream fits() {
        return IntStream.range(0, FitMemory.count());
    }

    @ParameterizedTest
    @MethodSource("fits")
    void aFitStaysWithinTheBoundOfItsJavadoc(int number) throws Exception {
        String report = REPORTS.get(number).get();
        Matcher figures = FIGURES.matcher(report.strip().lines().toList().getLast());
        assertThat(figures.matches()).as(report).isTrue();
        long peak = Long.parseLong(figures.group(2));
        long bound = Long.parseLong(figures.group(3));
        assertThat(peak).as(report).isBetween(bound / 4, bound);
    }

    /** Without the vector module, whose code takes longer to compile. The memory is the same or less. */
    private static String run(int number) throws Exception {
        String classes = String.join(
                File.pathSeparator,
                InterruptionTest.folder(WorkerPool.class).toString(),
                InterruptionTest.folder(FitMemory.class).toString(),
                InterruptionTest.folder(IntArrayList.class).toString());
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:NativeMemoryTracking=summary",
                        "-cp",
                        classes,
                        FitMemory.class.getName(),
                        Integer.toString(number)))
                .redirectErrorStream(true)
                .start();
        String report = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(report).isZero();
        return report;
    }
}
