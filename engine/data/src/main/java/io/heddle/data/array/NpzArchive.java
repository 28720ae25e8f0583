package io.heddle.data.array;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.LabelFile;
import io.heddle.data.Labels;
import io.heddle.data.Memory;
import io.heddle.data.MissingLabel;
import io.heddle.data.UnlabelledRows;
import io.heddle.data.rows.ClassNames;
import io.heddle.files.DataFormatException;
import io.heddle.internal.memory.OffHeap;
import io.heddle.matrix.InvalidInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** NumPy's archive of several arrays: one of them holds the rows, another may hold the labels. */
final class NpzArchive implements AutoCloseable {
    private static final String ENDING = ".npy";
    private static final List<String> USUAL_LABELS = List.of("y", "labels", "label", "target", "targets");
    /** Maximum expansion of a deflate stream (RFC 1951). */
    private static final long MAXIMUM_EXPANSION = 1032;

    /** An entry compressed more than this is decompressed once before memory is allocated. */
    private static final long PLAUSIBLE_EXPANSION = 20;

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

    static DataSource open(Path path, DataOptions options, Consumer<String> log) throws IOException {
        try (NpzArchive archive = new NpzArchive(path, new ZipFile(path.toFile()))) {
            archive.requireArrays();
            return archive.source(options, log);
        } catch (ZipException | EOFException e) {
            throw notDecompressed(path, e);
        }
    }

    private void requireArrays() throws DataFormatException {
        if (entries.isEmpty()) {
            boolean sheets = zip.getEntry("xl/workbook.xml") != null || zip.getEntry("content.xml") != null;
            throw new DataFormatException(
                    sheets
                            ? "%s is a spreadsheet; Heddle reads it if it is saved as CSV".formatted(path)
                            : "%s is an archive without arrays (.npy) and without a table (.csv, .tsv, .txt)"
                                    .formatted(path));
        }
    }

    private DataSource source(DataOptions options, Consumer<String> log) throws IOException {
        String labelsName = options.labels().isPresent() ? null : labelsName(options, log);
        String rowsName = rowsName(options, labelsName);
        Optional<Labels> labels = Optional.empty();
        if (labelsName != null) {
            try (Arena arena = Arena.ofShared()) {
                String place = place(labelsName);
                labels = labels(NpyLabels.wrap(unpacked(labelsName, arena), place), options, place, log);
            }
        }
        Arena arena = Arena.ofShared();
        try {
            NpyArray rows = NpyArray.wrap(unpacked(rowsName, arena), place(rowsName));
            if (options.labels().isPresent()) {
                labels = Optional.of(
                        LabelFile.read(options.labels().get(), options, UnlabelledRows.withoutIds(rows.rows(), log)));
            }
            return ArraySource.of(rows, arena, path, labels, options);
        } catch (IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private String place(String name) {
        return path + ", array " + name;
    }

    /** Returns no labels if they are optional and some are missing. */
    private Optional<Labels> labels(NpyLabels stored, DataOptions options, String place, Consumer<String> log)
            throws IOException {
        ZipEntry names = zip.getEntry(ClassNames.ENTRY);
        if (names != null) {
            return Optional.of(named(stored, names, place));
        }
        int missing = options.roles().optional() && options.roles().missingLabel() != MissingLabel.TEXT
                ? NpyFormat.missing(stored, options)
                : 0;
        if (missing > 0) {
            log.accept("%s: %d of %d rows have no label, so the labels are not used"
                    .formatted(place, missing, stored.size()));
            return Optional.empty();
        }
        return Optional.of(NpyFormat.labels(stored, options, place));
    }

    private Labels named(NpyLabels stored, ZipEntry names, String place) throws IOException {
        long[] numbers = new long[stored.size()];
        for (int i = 0; i < numbers.length; i++) {
            String label = stored.get(i);
            if (stored.areBooleans()) {
                label = Boolean.parseBoolean(label) ? "1" : "0";
            }
            try {
                numbers[i] = Long.parseLong(label);
            } catch (NumberFormatException e) {
                throw new DataFormatException(
                        "%s: the label of row %d is '%s', but %s names classes by their numbers"
                                .formatted(place, i, label, ClassNames.ENTRY),
                        e);
            }
        }
        try (InputStream in = zip.getInputStream(names)) {
            byte[] content = in.readNBytes(ClassNames.MAXIMUM_BYTES + 1);
            if (content.length > ClassNames.MAXIMUM_BYTES) {
                throw new DataFormatException("%s, %s has more than the %d bytes that a list of names may have"
                        .formatted(path, ClassNames.ENTRY, ClassNames.MAXIMUM_BYTES));
            }
            return ClassNames.name(numbers, content, path.toString());
        }
    }

    /** Returns the array of the labels, or null. If labels are optional, the array of the options may be missing. */
    private String labelsName(DataOptions options, Consumer<String> log) {
        String usual =
                USUAL_LABELS.stream().filter(entries::containsKey).findFirst().orElse(null);
        if (options.label().isEmpty()) {
            return usual;
        }
        String name = options.label().get();
        if (options.roles().optional() && !entries.containsKey(name)) {
            log.accept(
                    usual == null
                            ? "%s has no array '%s', so it is read without labels".formatted(path, name)
                            : "%s has no array '%s', so its array '%s' is read as the labels"
                                    .formatted(path, name, usual));
            return usual;
        }
        requireEntry(name);
        return name;
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
                Labels.list(List.copyOf(entries.keySet())));
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

    /** Decompresses an entry into memory of the arena. Its declared size is checked before memory is allocated. */
    private MemorySegment unpacked(String name, Arena arena) throws IOException {
        ZipEntry entry = entries.get(name);
        String place = place(name);
        long size = entry.getSize();
        long packed = entry.getCompressedSize();
        if (packed < 0 || packed > Files.size(path) || entry.getMethod() == ZipEntry.STORED && packed != size) {
            throw new DataFormatException("%s declares %d packed bytes of %d, but the file has %d"
                    .formatted(place, packed, size, Files.size(path)));
        }
        if (size < 0 || size / MAXIMUM_EXPANSION > packed) {
            throw new DataFormatException(
                    "%s declares %d bytes, more than its %d packed bytes can hold".formatted(place, size, packed));
        }
        try {
            try (InputStream in = zip.getInputStream(entry)) {
                NpyArray.checkStart(in.readNBytes(NpyArray.longestStart()), size, place);
            }
            if (size / PLAUSIBLE_EXPANSION > packed) {
                // Few arrays can be compressed this much, so the entry is decompressed once to count its bytes.
                unpack(entry, size, place, (chunk, count, at) -> {});
            }
            Memory.requireRoom(place, size / Float.BYTES / CHUNK + 1, CHUNK);
            MemorySegment content = OffHeap.allocate(size, arena);
            unpack(
                    entry,
                    size,
                    place,
                    (chunk, count, at) -> MemorySegment.copy(chunk, 0, content, ValueLayout.JAVA_BYTE, at, count));
            return content;
        } catch (ZipException | EOFException e) {
            throw notDecompressed(place, e);
        }
    }

    private static DataFormatException notDecompressed(Object place, IOException e) {
        // ZipFile throws an EOFException without a message for an entry that begins outside the file.
        String reason = e.getMessage() == null ? "its data are not in the file" : e.getMessage();
        return new DataFormatException("%s cannot be decompressed: %s".formatted(place, reason), e);
    }

    /** Receives bytes at an offset of the entry. */
    @FunctionalInterface
    private interface Chunk {
        void accept(byte[] bytes, int count, long at);
    }

    /** Reads an entry and checks its declared length and checksum. */
    private void unpack(ZipEntry entry, long size, String place, Chunk action) throws IOException {
        byte[] chunk = new byte[CHUNK];
        CRC32 crc = new CRC32();
        long at = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (n > size - at) {
                    throw new DataFormatException("%s has more than its %d declared bytes".formatted(place, size));
                }
                crc.update(chunk, 0, n);
                action.accept(chunk, n, at);
                at += n;
            }
        }
        if (at < size) {
            throw new DataFormatException("%s ends after %d of %d bytes".formatted(place, at, size));
        }
        if (crc.getValue() != entry.getCrc()) {
            throw new DataFormatException(place + " is damaged: its checksum does not match");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
