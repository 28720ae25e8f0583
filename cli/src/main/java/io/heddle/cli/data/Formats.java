package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.data.NpyArray;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Finds out what data are, by their first bytes and, for text, by the ending of the name. */
enum Formats {
    IDX,
    NPY,
    NPZ,
    CSV,
    PARQUET,
    PHOTO,
    UNKNOWN;

    private static final int START = 12;

    static DataSource open(String data, DataOptions options, Consumer<String> log) throws IOException {
        if (data.equals(Spool.STANDARD_INPUT)) {
            return piped(System.in, "standard input", options, log);
        }
        PartedName parted = PartedName.parse(data);
        if (parted.name().equals(FashionMnistSource.NAME)) {
            return FashionMnistSource.open(Optional.empty(), parted.part(), options, log);
        }
        Path path = path(parted.name());
        if (parted.explicit() && Files.notExists(path) && Files.exists(path(data))) {
            // What is called so.
            parted = new PartedName(data, PartedName.Part.TRAIN, false);
            path = path(data);
        }
        if (Files.isDirectory(path) && FashionMnistSource.lies(path)) {
            return FashionMnistSource.open(Optional.of(path), parted.part(), options, log);
        }
        if (!parted.explicit() && Files.isDirectory(path) && ParquetTable.isFolder(path)) {
            return ParquetTable.open(path, options, log);
        }
        if (Files.isDirectory(path)) {
            return ImageFolder.open(
                    path, parted.explicit() ? Optional.of(parted.part()) : Optional.empty(), options, log);
        }
        if (parted.explicit()) {
            throw new DataFormatException(
                    "%s: only %s, a folder of its four files and a folder of photos have the parts train, test and all"
                            .formatted(data, FashionMnistSource.NAME));
        }
        if (Spool.isNeeded(path)) {
            return piped(Files.newInputStream(path), path.toString(), options, log);
        }
        return switch (of(path)) {
            case IDX -> IdxSource.open(path, options);
            case NPY -> array(path, options);
            case NPZ -> NpzArchive.open(path, options);
            case CSV -> CsvTable.open(path, path.toString(), options, log);
            case PARQUET -> ParquetTable.open(path, options, log);
            case PHOTO -> throw new DataFormatException(path + " is a single photo; give the folder that holds it");
            case UNKNOWN ->
                throw new DataFormatException(
                        path
                                + " is of no known format: Heddle reads IDX, NPY, NPZ, CSV, TSV, Parquet and folders of photos");
        };
    }

    /** A table of text from a source that can be read once only. */
    private static DataSource piped(InputStream in, String name, DataOptions options, Consumer<String> log)
            throws IOException {
        Path file = Spool.copy(in, name);
        byte[] start = start(file);
        boolean packed = TextFile.isGzip(start) || TextFile.isZip(start) || TextFile.isZstd(start);
        if (!packed && of(file) != CSV) {
            throw new DataFormatException(
                    "%s is no text: CSV and TSV can be read from a pipe, anything else from a file".formatted(name));
        }
        return CsvTable.open(file, name, options, log);
    }

    private static Path path(String name) throws DataFormatException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new DataFormatException("'%s' is no name of a file".formatted(name), e);
        }
    }

    private static DataSource array(Path path, DataOptions options) throws IOException {
        LabelFile.requireFile(path, options);
        NpyArray array = NpyArray.open(path);
        try {
            Optional<Labels> labels = LabelFile.readIfAsked(path, options, array.rows());
            return ArraySource.of(array, Arena.ofShared(), path, labels, options);
        } catch (IOException | RuntimeException | Error e) {
            array.close();
            throw e;
        }
    }

    /** @throws DataFormatException if there is no such file */
    static Formats of(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new DataFormatException(
                    Files.exists(path) ? path + " is not a file" : "there is no file or folder " + path);
        }
        byte[] start = start(path);
        if (NpyArray.isMagic(start)) {
            return NPY;
        }
        if (TextFile.isZip(start)) {
            return isTextInside(path) ? CSV : NPZ;
        }
        if (TextFile.isZstd(start) && ofName(withoutEnding(path.getFileName().toString())) == CSV) {
            return CSV;
        }
        if (startsWith(start, 'B', 'Z', 'h') || startsWith(start, 0xfd, '7', 'z', 'X', 'Z')) {
            throw new DataFormatException("%s is packed by %s; Heddle unpacks gzip, zip and zstd"
                    .formatted(path, start[0] == 'B' ? "bzip2" : "xz"));
        }
        if (startsWith(start, 'P', 'A', 'R', '1')) {
            return PARQUET;
        }
        if (PhotoFormat.of(start) != PhotoFormat.UNKNOWN) {
            return PHOTO;
        }
        if (TextFile.isGzip(start)) {
            return ofName(withoutEnding(path.getFileName().toString())) == CSV ? CSV : IDX;
        }
        if (startsWith(start, 0, 0, 8)) {
            return IDX;
        }
        return ofName(path.getFileName().toString());
    }

    private static byte[] start(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(START);
        }
    }

    /** Whether what is packed in a file is text by its name. */
    private static boolean isTextInside(Path path) {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(path))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                if (!e.isDirectory() && ofName(e.getName()) == CSV) {
                    return true;
                }
            }
            return false;
        } catch (IOException | IllegalArgumentException e) {
            // Damaged, which whoever reads it will say.
            return false;
        }
    }

    /** {@code a.csv} of {@code a.csv.gz}. */
    private static String withoutEnding(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private static Formats ofName(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "csv", "tsv", "tab", "txt", "dat", "data" -> CSV;
            case "npy" -> NPY;
            case "npz" -> NPZ;
            case "parquet" -> PARQUET;
            default -> UNKNOWN;
        };
    }

    private static boolean startsWith(byte[] start, int... bytes) {
        if (start.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (Byte.toUnsignedInt(start[i]) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
