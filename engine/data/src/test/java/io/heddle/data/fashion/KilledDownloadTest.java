package io.heddle.data.fashion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Kills downloads with SIGKILL at random moments; {@code bench/kill} kills more of them. */
@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "the exit code after SIGKILL")
class KilledDownloadTest {
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    private Path cache;
    private Path published;

    @BeforeEach
    void locate() {
        published = PublishedFiles.assumePresent();
        cache = folder.resolve("cache");
    }

    private Process start(FileServer server) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-UsePerfData",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        classPath(),
                        DownloadProcess.class.getName(),
                        server.address().toString(),
                        cache.toString()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private static String classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null)
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private byte[] file(String path) {
        try {
            return Files.readAllBytes(published.resolve(path.substring(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Path> cached() throws IOException {
        if (!Files.exists(cache)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(cache)) {
            return files.sorted().toList();
        }
    }

    private void empty() throws IOException {
        for (Path file : cached().stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
        }
    }

    private void runToEnd(FileServer server) throws Exception {
        Process process = start(server);
        assertThat(process.waitFor())
                .as(Files.readString(folder.resolve("said")))
                .isZero();
    }

    @Test
    void aKilledDownloadKeepsCompleteFilesAndTheNextOneDeletesTheRest() throws Exception {
        int times = Integer.getInteger("heddle.kills", 3);
        SplittableRandom random = new SplittableRandom(Long.getLong("heddle.kills.seed", 1));
        int kills = 0;
        int whole = 0;
        int leftovers = 0;
        try (FileServer server = new FileServer(path -> FileServer.ok(file(path)))) {
            long begun = System.nanoTime();
            runToEnd(server);
            long all = System.nanoTime() - begun;
            for (int attempt = 0; kills < times && attempt < 3 * times; attempt++) {
                empty();
                Process process = start(server);
                if (attempt % 2 == 0) {
                    TimeUnit.NANOSECONDS.sleep(random.nextLong(all));
                } else {
                    while (process.isAlive() && cached().isEmpty()) {
                        TimeUnit.MILLISECONDS.sleep(1);
                    }
                    TimeUnit.NANOSECONDS.sleep(random.nextLong(all / 4));
                }
                process.destroyForcibly();
                kills += process.waitFor() == KILLED ? 1 : 0;
                for (Path file : cached()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".part")) {
                        leftovers++;
                    } else {
                        assertThat(file).hasSameBinaryContentAs(published.resolve(name));
                        whole++;
                    }
                }
                runToEnd(server);
                assertThat(cached())
                        .extracting(file -> file.getFileName().toString())
                        .containsExactly(
                                "t10k-images-idx3-ubyte.gz",
                                "t10k-labels-idx1-ubyte.gz",
                                "train-images-idx3-ubyte.gz",
                                "train-labels-idx1-ubyte.gz");
            }
        }
        if (Integer.getInteger("heddle.kills") != null) {
            System.out.printf(
                    "downloads: %d kills, %d whole files in the cache, %d leftovers, all cleared by the next run%n",
                    kills, whole, leftovers);
        }
        assertThat(kills).isPositive();
    }
}
