package io.heddle.data.fashion;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Downloads and unpacks a Debian package with the system's tools, without installing it and without root permissions.
 */
final class AptPackage {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String APT = "apt-get";
    private static final String DPKG = "dpkg-deb";

    private final String name;
    private final Map<String, String> environment;

    /**
     * @param name of the package
     * @param environment variables additional environment variables of the tools
     */
    AptPackage(String name, Map<String, String> environment) {
        this.name = name;
        this.environment = environment;
    }

    /**
     * Downloads the newest version of the package lists and unpacks it into a folder.
     *
     * @param folder an empty folder that receives the package and its files
     * @return the root of the unpacked tree
     * @throws IOException if a tool is missing or fails
     * @throws InterruptedIOException if the thread is interrupted
     */
    Path unpackInto(Path folder) throws IOException {
        String apt = onPath(APT);
        String dpkg = onPath(DPKG);
        // Without a limit, apt retries an unreachable mirror for minutes.
        run(
                folder,
                List.of(apt, "-q", "-o", "Acquire::http::Timeout=10", "-o", "Acquire::Retries=1", "download", name));
        Path root = Files.createDirectory(folder.resolve("root"));
        run(folder, List.of(dpkg, "-x", archive(folder).toString(), root.toString()));
        return root;
    }

    private static String onPath(String program) throws IOException {
        String path = System.getenv("PATH");
        if (path != null) {
            for (String entry : path.split(File.pathSeparator)) {
                // A relative entry would run programs from the current folder.
                Path candidate = Path.of(entry, program);
                if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
                    return candidate.toString();
                }
            }
        }
        throw new IOException(program + " is not on the PATH");
    }

    private Path archive(Path folder) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(folder, name + "_*.deb")) {
            for (Path archive : archives) {
                return archive;
            }
        }
        throw new IOException(APT + " left no file " + name + "_*.deb");
    }

    private void run(Path folder, List<String> command) throws IOException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            // The process has no standard input.
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("%s takes longer than %d s".formatted(command.getFirst(), LIMIT.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + command.getFirst() + " ran");
        } finally {
            process.destroy();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    "%s ends with status %d: %s".formatted(command.getFirst(), process.exitValue(), errorText(output)));
        }
    }

    /** Returns the last line that is marked as an error, or the last line. */
    private static String errorText(Path output) throws IOException {
        String last = "no output";
        String error = null;
        for (String line : Files.readString(output, Charset.defaultCharset()).split("\n")) {
            if (!line.isBlank()) {
                last = line.strip();
                error = last.startsWith("E:") ? last : error;
            }
        }
        return error == null ? last : error;
    }
}
