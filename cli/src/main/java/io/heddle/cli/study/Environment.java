package io.heddle.cli.study;

import io.heddle.Heddle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The machine and the Java that a study ran on.
 *
 * @param cpu name of the processor
 * @param threads number of worker threads
 * @param lanes floats in one vector; 1 without SIMD
 */
public record Environment(String cpu, int threads, int lanes, String java, String os) {
    private static final Path LINUX_CPU = Path.of("/proc/cpuinfo");

    /** Reads the properties of this machine. */
    public static Environment current(int threads) {
        return new Environment(
                cpuName(),
                threads,
                Heddle.vectorLanes(),
                System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    }

    private static String cpuName() {
        String name = Files.isReadable(LINUX_CPU) ? linuxCpu() : macCpu();
        return name.isBlank() ? System.getProperty("os.arch") : name.strip();
    }

    private static String linuxCpu() {
        try (Stream<String> lines = Files.lines(LINUX_CPU)) {
            return lines.filter(l -> l.startsWith("model name"))
                    .map(l -> l.substring(l.indexOf(':') + 1))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static String macCpu() {
        try {
            Process sysctl = new ProcessBuilder("sysctl", "-n", "machdep.cpu.brand_string")
                    .redirectErrorStream(true)
                    .start();
            try (var out = sysctl.inputReader()) {
                String name = out.readLine();
                return sysctl.waitFor(2, TimeUnit.SECONDS) && sysctl.exitValue() == 0 && name != null ? name : "";
            }
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
