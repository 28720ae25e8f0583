package io.heddle.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the program in a separate process, in a folder, as a shell does. */
final class HeddleProcess implements AutoCloseable {
    private final Process process;
    private final Path folder;
    private final Path err;

    private HeddleProcess(Process process, Path folder, Path err) {
        this.process = process;
        this.folder = folder;
        this.err = err;
    }

    /** @param before words before the program, such as a shell that sets a limit */
    static HeddleProcess start(Path folder, Path err, List<String> before, List<String> words) throws IOException {
        return start(folder, err, before, List.of("-Xmx512m"), words);
    }

    /**
     * C2 compiles a method later than by default, so that short commands take less processor time. The thresholds are
     * those of {@code heddle.tests.late-compiler} in the root pom.
     */
    static final List<String> LATE_COMPILER = List.of(
            "-XX:Tier4InvocationThreshold=15000",
            "-XX:Tier4MinInvocationThreshold=2000",
            "-XX:Tier4CompileThreshold=30000",
            "-XX:Tier4BackEdgeThreshold=200000");

    /** @param options further options of Java, such as the size of the heap */
    static HeddleProcess start(Path folder, Path err, List<String> before, List<String> options, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath()));
        command.addAll(LATE_COMPILER);
        command.addAll(options);
        command.add("io.heddle.cli.HeddleCommand");
        command.addAll(words);
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        return new HeddleProcess(process, folder, err);
    }

    /** The class path of this process with absolute paths. */
    static String classPath() {
        return Stream.of("java.class.path", "jdk.module.path")
                .map(System::getProperty)
                .filter(path -> path != null)
                .flatMap(path -> Stream.of(path.split(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits until the folder contains an unfinished file of the command, or the process has ended. */
    void awaitUnfinishedFile() throws IOException, InterruptedException {
        while (process.isAlive() && names().stream().noneMatch(n -> n.endsWith(".part"))) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Returns whether the process runs. */
    boolean runs() {
        return process.isAlive();
    }

    /** @param name of the signal: INT is what Ctrl-C sends */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Waits for the exit code. */
    int await() throws InterruptedException {
        return await(120);
    }

    /** Waits some seconds for the exit code. */
    int await(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("the process has not ended");
        }
        return process.exitValue();
    }

    /** The lines on standard error, without Java's first message. */
    List<String> said() throws IOException {
        return Files.readAllLines(err, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.startsWith("WARNING: "))
                .toList();
    }

    /** The names in the folder. */
    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
