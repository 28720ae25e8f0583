package io.heddle.data.fashion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A package repository in a folder, with the state of apt in another folder, so that the system's state does not
 * change.
 */
final class LocalAptRepository {
    private final Path root;

    private LocalAptRepository(Path root) {
        this.root = root;
    }

    /** If apt-get or dpkg-deb is missing, the test is skipped. */
    static LocalAptRepository assumePossible(Path root) throws IOException {
        for (String program : List.of("apt-get", "dpkg-deb")) {
            assumeTrue(
                    Stream.of(System.getenv("PATH").split(File.pathSeparator))
                            .anyMatch(entry -> Files.isExecutable(Path.of(entry, program))),
                    program + " is not on the PATH");
        }
        for (String folder : List.of("repository", "etc", "state/lists/partial", "cache/archives/partial")) {
            Files.createDirectories(root.resolve(folder));
        }
        Files.createFile(root.resolve("state").resolve("status"));
        Files.writeString(
                root.resolve("etc").resolve("sources.list"),
                "deb [trusted=yes] file:%s ./%n".formatted(root.resolve("repository")));
        Files.writeString(root.resolve("apt.conf"), """
                Dir::Etc "%1$s/etc";
                Dir::State "%1$s/state";
                Dir::State::status "%1$s/state/status";
                Dir::Cache "%1$s/cache";
                APT::Sandbox::User "";
                """.formatted(root));
        return new LocalAptRepository(root);
    }

    /** Makes apt-get use this repository only. */
    Map<String, String> variables() {
        return Map.of("APT_CONFIG", root.resolve("apt.conf").toString());
    }

    /** Packs the files of a folder with the paths of Debian's package, and updates apt. */
    void add(String name, Path content) throws Exception {
        Path tree = root.resolve("tree");
        Path target = Files.createDirectories(tree.resolve("usr/share/datasets/fashion-mnist"));
        try (Stream<Path> files = Files.list(content)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
        String control = """
                Package: %s
                Version: 1
                Architecture: all
                Maintainer: Test <test@example.org>
                Description: a test
                """.formatted(name);
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.writeString(tree.resolve("DEBIAN").resolve("control"), control);
        Path archive = root.resolve("repository").resolve(name + "_1_all.deb");
        run("dpkg-deb", "-Znone", "--build", tree.toString(), archive.toString());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
        Files.writeString(
                root.resolve("repository").resolve("Packages"),
                control
                        + """
                        Filename: ./%s
                        Size: %d
                        SHA256: %s
                        """.formatted(
                                        archive.getFileName(),
                                        Files.size(archive),
                                        HexFormat.of().formatHex(digest)));
        run("apt-get", "update");
    }

    private void run(String... command) throws IOException, InterruptedException {
        Path output = root.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(variables());
        assertThat(builder.start().waitFor()).as(Files.readString(output)).isZero();
    }
}
