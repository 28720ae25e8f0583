package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.data.NpyArray;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** NumPy's archive of several arrays: one of them holds the rows, another may hold the labels. */
final class NpzArchive implements AutoCloseable {
    private static final String ENDING = ".npy";
    private static final List<String> USUAL_LABELS = List.of("y", "labels", "label", "target", "targets");
    /** No deflate stream expands further (RFC 1951). */
    private static final long MOST_EXPANSION = 1032;

    private static final int CHUNK = 1 << 18;

    private final Path path;
    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

    private NpzArchive(Path path, ZipFile zip) {
        this.path = path;
        this.zip = zip;
        zip.stream()
                .filter(e -> e.getName().endsWith(ENDING))
                .forEach(e -> entries.put(e.getName().substring(0, e.getName().length() - ENDING.length()), e));
    }

    static DataSource open(Path path, DataOptions options) throws IOException {
        try (NpzArchive archive = new NpzArchive(path, new ZipFile(path.toFile()))) {
            return archive.source(options);
        } catch (ZipException | java.io.EOFException e) {
            throw new DataFormatException("%s does not unpack: %s".formatted(path, e.getMessage()), e);
        }
    }

    private DataSource source(DataOptions options) throws IOException {
        String labelsName = options.labels().isPresent() ? null : labelsName(options);
        String rowsName = rowsName(options, labelsName);
        Optional<Labels> labels = Optional.empty();
        if (options.labels().isPresent()) {
            labels = Optional.of(LabelFile.read(options.labels().get(), options));
        } else if (labelsName != null) {
            try (Arena arena = Arena.ofShared()) {
                labels = Optional.of(labels(array(labelsName, arena).readIntegers()));
            }
        }
        Arena arena = Arena.ofShared();
        try {
            return ArraySource.of(array(rowsName, arena), arena, path, labels, options);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private Labels labels(long[] numbers) throws IOException {
        ZipEntry names = zip.getEntry(ClassNames.ENTRY);
        if (names == null) {
            return Labels.ofIntegers(numbers);
        }
        try (InputStream in = zip.getInputStream(names)) {
            byte[] content = in.readNBytes(ClassNames.MOST_BYTES + 1);
            if (content.length > ClassNames.MOST_BYTES) {
                throw new DataFormatException("%s, %s has more than the %d bytes that a list of names may have"
                        .formatted(path, ClassNames.ENTRY, ClassNames.MOST_BYTES));
            }
            return ClassNames.name(numbers, content, path.toString());
        }
    }

    private String labelsName(DataOptions options) {
        if (options.label().isPresent()) {
            requireEntry(options.label().get());
            return options.label().get();
        }
        return USUAL_LABELS.stream().filter(entries::containsKey).findFirst().orElse(null);
    }

    private String rowsName(DataOptions options, String labelsName) {
        if (options.array().isPresent()) {
            requireEntry(options.array().get());
            return options.array().get();
        }
        List<String> others = new ArrayList<>(entries.keySet());
        others.remove(labelsName);
        InvalidInputException.require(
                others.size() == 1,
                "%s holds the arrays %s; --array says which one holds the rows",
                path,
                entries.isEmpty() ? "of no kind" : Labels.list(List.copyOf(entries.keySet())));
        return others.getFirst();
    }

    private void requireEntry(String name) {
        InvalidInputException.require(
                entries.containsKey(name),
                "%s has no array '%s'; it holds %s",
                path,
                name,
                Labels.list(List.copyOf(entries.keySet())));
    }

    /** Unpacks an entry into memory that the arena keeps. */
    private NpyArray array(String name, Arena arena) throws IOException {
        ZipEntry entry = entries.get(name);
        String place = path + ", array " + name;
        long size = entry.getSize();
        if (size < 0 || size / MOST_EXPANSION > entry.getCompressedSize()) {
            throw new DataFormatException("%s declares %d bytes, more than its %d packed bytes can hold"
                    .formatted(place, size, entry.getCompressedSize()));
        }
        Memory.requireRoom(place, size / Float.BYTES / CHUNK + 1, CHUNK);
        MemorySegment content = arena.allocate(size, Long.BYTES);
        byte[] chunk = new byte[CHUNK];
        long at = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (n > size - at) {
                    throw new DataFormatException("%s goes on after its %d declared bytes".formatted(place, size));
                }
                MemorySegment.copy(chunk, 0, content, ValueLayout.JAVA_BYTE, at, n);
                at += n;
            }
        } catch (ZipException | java.io.EOFException e) {
            throw new DataFormatException("%s does not unpack: %s".formatted(place, e.getMessage()), e);
        }
        if (at < size) {
            throw new DataFormatException("%s ends after %d of %d bytes".formatted(place, at, size));
        }
        return NpyArray.wrap(content, place);
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
