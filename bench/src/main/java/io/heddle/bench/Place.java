package io.heddle.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * What a figure depends on beside the code.
 *
 * @param commit of the sources, with {@code -dirty} behind it where they were changed; {@code unknown} without git
 * @param date when the run began, in UTC
 * @param cpu the processor's name
 * @param threads processors
 * @param jdk version of Java
 * @param load of the machine before the run
 */
public record Place(String commit, String date, String cpu, int threads, String jdk, double load) {
    /** System property that tells the commit; the scripts set it. */
    private static final String COMMIT_PROPERTY = "heddle.bench.commit";

    /** This machine, now. */
    public static Place here() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return new Place(
                System.getProperty(COMMIT_PROPERTY, "unknown"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.runtime.version"),
                Math.round(Math.max(0, system.getSystemLoadAverage()) * 100) / 100.0);
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }
}
