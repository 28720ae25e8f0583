package io.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private static void text(FileChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    /** The id of a process that has ended. */
    private static long deadProcess() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        return process.pid();
    }

    @Test
    void keepsTheOldFileUntilTheNewOneIsWhole() throws IOException {
        Path target = Files.writeString(folder.resolve("a.txt"), "older");
        try (AtomicFile file = AtomicFile.open(target)) {
            assertThatThrownBy(() -> file.write(channel -> {
                        text(channel, "half");
                        throw new IOException("No space left on device");
                    }))
                    .hasMessage("cannot write %s: No space left on device", target);
            assertThatThrownBy(() -> file.write(channel -> {
                        throw new DataFormatException("photo.png is damaged");
                    }))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessage("photo.png is damaged");
            assertThat(target).hasContent("older");
        }
        assertThat(names()).containsExactly("a.txt");
        try (AtomicFile file = AtomicFile.open(target)) {
            file.write(channel -> text(channel, "a longer attempt"));
            file.write(channel -> text(channel, "newer"));
            file.commit();
        }
        assertThat(target).hasContent("newer");
        assertThat(names()).containsExactly("a.txt");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "umask")
    void modesFollowUmaskAndReplacedFilesKeepTheirs() throws IOException {
        Path plain = Files.createFile(folder.resolve("plain"));
        Path target = folder.resolve("a.txt");
        AtomicFile.write(target, channel -> text(channel, "one"));
        assertThat(Files.getPosixFilePermissions(target)).isEqualTo(Files.getPosixFilePermissions(plain));

        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        AtomicFile.write(target, channel -> text(channel, "two"));
        assertThat(target).hasContent("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void deletesLeftoversOfDeadProcessesForTheSameFileOnly() throws IOException, InterruptedException {
        long dead = deadProcess();
        long alive = ProcessHandle.current().parent().orElseThrow().pid();
        Files.writeString(folder.resolve(".a.txt.%d-0123456789abcdef.part".formatted(dead)), "new name");
        Files.writeString(folder.resolve(".a.txt.%d.part".formatted(dead)), "name of older versions");
        Files.writeString(
                Files.createDirectory(folder.resolve(".a.txt.%d-00000000deadbeef.part".formatted(dead)))
                        .resolve("inside"),
                "a folder");
        String other = ".b.txt.%d-0123456789abcdef.part".formatted(dead);
        String running = ".a.txt.%d-0123456789abcdef.part".formatted(alive);
        String users = ".a.txt.part";
        for (String name : List.of(other, running, users)) {
            Files.writeString(folder.resolve(name), "kept");
        }
        try (AtomicFile first = AtomicFile.open(folder.resolve("a.txt"))) {
            AtomicFile.write(folder.resolve("a.txt"), channel -> text(channel, "second"));
            first.write(channel -> text(channel, "first"));
            first.commit();
        }
        assertThat(names()).containsExactlyInAnyOrder("a.txt", other, running, users);
        assertThat(folder.resolve("a.txt")).hasContent("first");
    }

    @Test
    void doesNotFollowLinks() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "intact");
        Path link = Files.createSymbolicLink(folder.resolve("a.txt"), victim);
        Path older = Files.createSymbolicLink(
                folder.resolve(
                        ".a.txt.%d.part".formatted(ProcessHandle.current().pid())),
                victim);
        AtomicFile.write(link, channel -> text(channel, "mine"));

        assertThat(victim).hasContent("intact");
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertThat(link).hasContent("mine");
        assertThat(Files.exists(older)).isFalse();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "mkfifo")
    @Timeout(60)
    void writesIntoAPipeAndKeepsIt() throws Exception {
        Path pipe = folder.resolve("pipe");
        run("mkfifo", pipe.toString());
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException e) {
                return e.toString();
            }
        });
        String content = "content ".repeat(50_000);
        AtomicFile.write(pipe, channel -> text(channel, content));

        assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(content);
        assertThat(Files.getAttribute(pipe, "unix:mode")).matches(mode -> ((int) mode & 0xF000) == 0x1000);
        assertThat(names()).containsExactly("pipe");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "devices")
    void devicesAreNeverReplaced() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("sink"), Path.of("/dev/null"));
        for (Path sink : List.of(Path.of("/dev/null"), link)) {
            AtomicFile.write(sink, channel -> text(channel, "away"));
            assertThat(AtomicFile.isStream(sink)).isTrue();
        }
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThatThrownBy(() -> AtomicFile.write(Path.of("/dev/full"), channel -> text(channel, "too much")))
                .hasMessage("cannot write /dev/full: No space left on device");
        assertThat(Files.isRegularFile(Path.of("/dev/full"))).isFalse();
    }

    @Test
    void refusesFoldersAndPathsWithoutFolder() {
        assertThatThrownBy(() -> AtomicFile.open(folder))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("it is a folder");
        assertThatThrownBy(() -> AtomicFile.open(folder.resolve("no").resolve("a.txt")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("there is no folder");
    }

    @Test
    void namesOfAnyLengthAreWritten() throws IOException {
        String name = "é".repeat(127);
        AtomicFile.write(folder.resolve(name), channel -> text(channel, "long"));
        assertThat(names()).containsExactly(name);
    }

    @Test
    void foldersAppearWholeOrNotAtAll() throws IOException, InterruptedException {
        Path target = folder.resolve("photos");
        Path left = Files.createDirectory(folder.resolve(".photos.%d-0123456789abcdef.part".formatted(deadProcess())));
        Files.writeString(left.resolve("0.png"), "half");
        try (AtomicFolder out = AtomicFolder.open(target)) {
            Files.writeString(Files.createDirectory(out.part().resolve("cat")).resolve("0.png"), "a cat");
            assertThat(target).doesNotExist();
            out.commit();
        }
        assertThat(target.resolve("cat/0.png")).hasContent("a cat");
        assertThat(names()).containsExactly("photos");
        assertThatThrownBy(() -> AtomicFolder.open(target))
                .hasMessageContaining("a file or folder of that name exists");

        try (AtomicFolder out = AtomicFolder.open(folder.resolve("other"))) {
            Files.writeString(out.part().resolve("0.png"), "half");
        }
        assertThat(names()).containsExactly("photos");
    }

    @Test
    void temporaryFilesArePrivateAndLeftoversAreDeleted() throws IOException, InterruptedException {
        String name = "heddle-test-" + ProcessHandle.current().pid();
        Path shared = Path.of(System.getProperty("java.io.tmpdir"));
        Path left =
                Files.createDirectory(shared.resolve(".%s.%d-0123456789abcdef.part".formatted(name, deadProcess())));
        Files.writeString(left.resolve("inside"), "left");
        Path file;
        Path inside;
        try (TemporaryPath one = TemporaryPath.file(name);
                TemporaryPath other = TemporaryPath.folder(name)) {
            assertThat(left).doesNotExist();
            file = one.path();
            inside = Files.writeString(other.path().resolve("inside"), "content");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(other.path())))
                    .isEqualTo("rwx------");
        }
        assertThat(file).doesNotExist();
        assertThat(inside.getParent()).doesNotExist();
    }
}
