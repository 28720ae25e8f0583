package io.heddle.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * The environment of a measurement.
 *
 * @param commit commit of the sources, with the suffix {@code -dirty} if they were changed; {@code unknown} without git
 * @param date start of the run, in UTC
 * @param cpu name of the processor
 * @param threads processors
 * @param jdk version of Java
 * @param load load of the machine before the run
 */
public record Place(String commit, String date, String cpu, int threads, String jdk, double load) {
    /** System property with the commit, set by the scripts. */
    private static final String COMMIT_PROPERTY = "heddle.bench.commit";

    /** Returns the current environment. */
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
