package io.heddle.data;

import io.heddle.data.DataFormat.Match;
import io.heddle.files.DataFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Finds the format of data among the installed ones. */
public final class DataFormats {
    private static final List<DataFormat> ALL =
            ServiceLoader.load(DataFormat.class, DataFormat.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .sorted(Comparator.comparingInt(DataFormat::order))
                    .toList();

    private DataFormats() {}

    static DataSource open(String data, DataOptions options, Consumer<String> log) throws IOException {
        DataLocation location = DataLocation.of(data);
        Optional<DataFormat> format = find(location);
        if (location.parted().explicit() && format.filter(DataFormat::hasParts).isEmpty()) {
            throw new DataFormatException(
                    "%s: only fashion-mnist, a folder of its four files and a folder of photos have the parts train, test and all"
                            .formatted(data));
        }
        return format.orElseThrow(() -> unknown(location)).open(location, options, log);
    }

    /**
     * {@return the format of a file}
     *
     * @param file its path
     * @throws DataFormatException if there is no such file, or no format recognizes it
     */
    public static DataFormat of(Path file) throws IOException {
        DataLocation location = DataLocation.ofFile(file);
        return find(location).orElseThrow(() -> unknown(location));
    }

    /** Returns the formats that can contain labels, as text. */
    static String ofLabels() {
        return ALL.stream()
                .filter(DataFormat::holdsLabels)
                .map(DataFormat::title)
                .collect(Collectors.joining(", "));
    }

    /** Returns the exception for data that no format recognizes. */
    private static DataFormatException unknown(DataLocation location) {
        if (Files.notExists(location.path())) {
            return DataLocation.missing(location.path());
        }
        if (location.startsWith('B', 'Z', 'h') || location.startsWith(0xfd, '7', 'z', 'X', 'Z')) {
            return new DataFormatException("%s is compressed with %s; Heddle reads gzip, zip and zstd"
                    .formatted(location.path(), location.startsWith('B') ? "bzip2" : "xz"));
        }
        if (location.startsWith(0xd0, 0xcf, 0x11, 0xe0)) {
            return new DataFormatException(
                    "%s is a document of Microsoft Office; Heddle reads a sheet if it is saved as CSV"
                            .formatted(location.path()));
        }
        return new DataFormatException("%s has no supported format: Heddle reads %s"
                .formatted(location.path(), ALL.stream().map(DataFormat::title).collect(Collectors.joining(", "))));
    }

    private static Optional<DataFormat> find(DataLocation location) throws IOException {
        DataFormat byName = null;
        for (DataFormat format : ALL) {
            Match match = format.match(location);
            if (match == Match.CONTENT) {
                return Optional.of(format);
            }
            if (match == Match.NAME && byName == null) {
                byName = format;
            }
        }
        return Files.exists(location.path()) ? Optional.ofNullable(byName) : Optional.empty();
    }
}
