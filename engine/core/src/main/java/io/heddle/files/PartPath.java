package io.heddle.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The temporary path of an output, in the same folder, with the hidden name {@code .NAME.PID-RANDOM.part}. It is
 * deleted when it is closed and when the process ends, also by Ctrl-C. The part of a killed process is deleted when the
 * next part of the same output is created.
 */
final class PartPath implements AutoCloseable {
    private static final int MAXIMUM_ATTEMPTS = 100;
    // A name has at most 255 bytes on most file systems; the rest is for the process and the random number.
    private static final int LONGEST_STEM = 180;

    // The names that processes of this and earlier versions give to parts.
    private static final Pattern PART =
            Pattern.compile("\\.(.*)\\.(\\d{1,10})(?:-[0-9a-f]{16})?\\.part", Pattern.DOTALL);

    private static final Set<PartPath> OPEN = ConcurrentHashMap.newKeySet();
    private static boolean hooked;
    private static volatile boolean ending;

    private final Path path;
    private volatile boolean settled;

    private PartPath(Path path) {
        this.path = path;
    }

    /** Creates the file or folder at a path that must not exist, without following links. */
    @FunctionalInterface
    interface Maker {
        void make(Path part) throws IOException;
    }

    /**
     * Creates a part for an output.
     *
     * @param target absolute
     * @throws IOException if it cannot be made, or the process is ending
     */
    static PartPath make(Path target, Maker maker) throws IOException {
        Path folder = target.getParent();
        String stem = stem(target.getFileName().toString());
        SplittableRandom random = new SplittableRandom();
        for (int attempt = 1; ; attempt++) {
            String name =
                    ".%s.%d-%016x.part".formatted(stem, ProcessHandle.current().pid(), random.nextLong());
            PartPath part = new PartPath(folder.resolve(name));
            part.register();
            try {
                maker.make(part.path);
                clearLeftovers(folder, stem, owner(part.path));
                return part;
            } catch (FileAlreadyExistsException e) {
                // Owned by another user: neither opened nor deleted.
                part.settle();
                if (attempt == MAXIMUM_ATTEMPTS) {
                    throw e;
                }
            } catch (IOException | RuntimeException e) {
                part.close();
                throw e;
            }
        }
    }

    private static String stem(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= LONGEST_STEM ? name : HexFormat.of().toHexDigits(name.hashCode()) + "-" + bytes.length;
    }

    private void register() throws IOException {
        synchronized (OPEN) {
            if (ending) {
                throw new IOException("the program is ending");
            }
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(new Thread(PartPath::endAll, "heddle-cleaner"));
                hooked = true;
            }
            OPEN.add(this);
        }
    }

    private static void endAll() {
        synchronized (OPEN) {
            ending = true;
        }
        OPEN.forEach(PartPath::close);
    }

    /** The path of the unfinished file or folder. */
    Path path() {
        return path;
    }

    /** Records that the part has been renamed, so nothing is left to delete. */
    void settle() {
        settled = true;
        OPEN.remove(this);
    }

    /** Deletes the part. */
    @Override
    public void close() {
        if (!settled) {
            delete(path);
            settle();
        }
    }

    /**
     * Only those of the same user: in a shared folder another user could swap a folder for a link while it is walked.
     */
    private static void clearLeftovers(Path folder, String stem, Optional<UserPrincipal> owner) {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, ".*.part")) {
            for (Path part : parts) {
                Matcher name = PART.matcher(part.getFileName().toString());
                if (name.matches()
                        && name.group(1).equals(stem)
                        && owner(part).equals(owner)
                        && isLeftover(part, Long.parseLong(name.group(2)))) {
                    delete(part);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // A folder that cannot be listed may still be written to.
        }
    }

    /** Nothing if the file system has no owners, or the file is gone. */
    private static Optional<UserPrincipal> owner(Path path) {
        try {
            return Optional.of(Files.getOwner(path, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Whether the process that created it has ended. Another process may have its number now. */
    private static boolean isLeftover(Path part, long pid) throws IOException {
        if (pid == ProcessHandle.current().pid()) {
            return OPEN.stream().noneMatch(open -> open.path.equals(part));
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return true;
        }
        Optional<Instant> start = process.get().info().startInstant();
        Instant touched =
                Files.getLastModifiedTime(part, LinkOption.NOFOLLOW_LINKS).toInstant();
        // Start times have a resolution of a hundredth of a second.
        return start.isPresent() && touched.plusSeconds(1).isBefore(start.get());
    }

    /** Deletes a file, a link (not its target), or a folder with its content. */
    private static void delete(Path path) {
        try {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(path);
                return;
            }
            List<Path> deepestFirst;
            try (Stream<Path> all = Files.walk(path)) {
                deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            // It is gone, or another process has written to it. The rest is not deleted.
        }
    }
}
