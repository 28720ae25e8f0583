package io.heddle.data.csv;

import io.heddle.data.DataFormat;
import io.heddle.data.DataFormats;
import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.data.UnlabelledRows;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** CSV and TSV files, also compressed or from a pipe. */
public final class CsvFormat implements DataFormat {
    /** Creates the format for {@link java.util.ServiceLoader}. */
    public CsvFormat() {}

    @Override
    public String title() {
        return "CSV and TSV";
    }

    @Override
    public int order() {
        return 40;
    }

    private static final Set<String> ENDINGS = Set.of("csv", "tsv", "tab", "txt", "dat", "data");

    @Override
    public Match match(DataLocation location) throws IOException {
        if (location.isStandardInput() || Spool.isNeeded(location.path())) {
            return Match.CONTENT;
        }
        byte[] start = location.start();
        boolean text;
        if (TextFile.isZip(start)) {
            text = isTextInside(location.path());
        } else if (TextFile.isGzip(start) || TextFile.isZstd(start)) {
            // Some programs compress without changing the name.
            String name = location.path().getFileName().toString();
            text = isText(name) || isText(withoutEnding(name));
        } else {
            return ENDINGS.contains(location.ending()) ? Match.NAME : Match.NONE;
        }
        return text ? Match.CONTENT : Match.NONE;
    }

    @Override
    public DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException {
        if (location.isStandardInput()) {
            return piped(System.in, "standard input", options, log);
        }
        Path path = location.path();
        if (Spool.isNeeded(path)) {
            return piped(Files.newInputStream(path), path.toString(), options, log);
        }
        return CsvTable.open(path, path.toString(), options, log);
    }

    @Override
    public boolean holdsLabels() {
        return true;
    }

    @Override
    public Labels readLabels(Path file, DataOptions options, UnlabelledRows rows) throws IOException {
        return CsvTable.readLabels(file, options, rows);
    }

    /** Opens a table from a source that can be read only once. */
    private DataSource piped(InputStream in, String name, DataOptions options, Consumer<String> log)
            throws IOException {
        Path file = Spool.copy(in, name);
        byte[] start = DataLocation.of(file.toString()).start();
        boolean packed = TextFile.isGzip(start) || TextFile.isZip(start) || TextFile.isZstd(start);
        if (!packed && !(DataFormats.of(file) instanceof CsvFormat)) {
            throw new DataFormatException(
                    "%s is not text: only CSV and TSV can be read from a pipe; other formats need a file"
                            .formatted(name));
        }
        return CsvTable.open(file, name, options, log);
    }

    /**
     * Returns whether an archive contains text files, by their names, or a single file without an extension: pandas
     * writes the table of {@code t.zip} as {@code t}.
     */
    private static boolean isTextInside(Path path) {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(path))) {
            int files = 0;
            boolean bare = false;
            String stem = withoutEnding(path.getFileName().toString());
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                if (TextFile.isFile(e)) {
                    if (isText(e.getName())) {
                        return true;
                    }
                    files++;
                    String name = e.getName().substring(e.getName().lastIndexOf('/') + 1);
                    bare = !name.contains(".") || name.equals(stem);
                }
            }
            return files == 1 && bare;
        } catch (IOException | IllegalArgumentException e) {
            // Damaged. The format that opens it reports the error.
            return false;
        }
    }

    /** Returns the inner name: {@code a.csv} for {@code a.csv.gz}. */
    private static String withoutEnding(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private static boolean isText(String fileName) {
        return ENDINGS.contains(DataLocation.endingOf(fileName));
    }
}
