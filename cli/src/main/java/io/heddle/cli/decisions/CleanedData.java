package io.heddle.cli.decisions;

import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.matrix.InvalidInputException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a data set after decisions about its rows.
 *
 * <p>Photos are written to a folder with a sub-folder for each class. A text table is written with the same columns.
 * All data except photos also get a {@code labels.csv} of the remaining rows. If rows of an array are dropped, the
 * remaining rows are written as {@code data.npy}.
 */
public final class CleanedData {
    /** Name of the file with the labels of the remaining rows. */
    public static final String LABELS = "labels.csv";

    private static final String ARRAY = "data.npy";

    private final DataLocation location;
    private final DataOptions options;
    private final DataSource source;
    private final Cleaning cleaning;
    private final boolean table;
    private final boolean grouped;

    /**
     * @param location location of the source
     * @param options options with which the source was opened
     */
    public CleanedData(DataLocation location, DataOptions options, DataSource source, Cleaning cleaning)
            throws IOException {
        this(location, options, source, cleaning, false);
    }

    private CleanedData(
            DataLocation location, DataOptions options, DataSource source, Cleaning cleaning, boolean grouped)
            throws IOException {
        this.grouped = grouped;
        this.location = location;
        this.options = options;
        this.source = source;
        this.cleaning = cleaning;
        this.table = source.table().isPresent();
    }

    /** Returns data with new labels, which are written as an additional column of a table. */
    public static CleanedData grouped(DataLocation location, DataOptions options, DataSource source, Cleaning labelled)
            throws IOException {
        return new CleanedData(location, options, source, labelled, true);
    }

    /** Returns the name of the additional label column of a table; empty if there is none. */
    public String added() {
        if (!grouped) {
            return "";
        }
        String name = "group";
        List<String> taken = new ArrayList<>(source.columnNames());
        options.label().ifPresent(taken::add);
        options.roles().id().ifPresent(taken::add);
        taken.addAll(options.drop());
        while (taken.contains(name)) {
            name = name + "_";
        }
        return name;
    }

    /** Returns whether the data are photos, one file per row. */
    public boolean photos() {
        return location.isFolder() && source.file(0).isPresent();
    }

    /** Returns whether rows before the last labelled one were skipped because they have no label. */
    public boolean skipsRows() {
        long rows = source.rows();
        return !photos() && rows > 0 && source.fileRow(rows - 1) >= rows;
    }

    private boolean text() {
        return !location.isFolder()
                && Files.isRegularFile(location.path())
                && table
                && source.fields().isPresent();
    }

    /** Returns the names of the files that {@link #write} writes; for photos only the folder. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        if (photos()) {
            return names;
        }
        if (text()) {
            names.add(textName());
        } else if (cleaning.droppedRows() > 0 && array()) {
            names.add(ARRAY);
        }
        names.add(LABELS);
        return names;
    }

    /** Returns whether an array can represent all values of the rows. */
    private boolean array() {
        return !table || source.isWide();
    }

    /** Returns whether only the labels of the remaining rows are written, so that the user must select the rows. */
    public boolean labelsAlone() {
        return !photos() && !text() && !array() && cleaning.droppedRows() > 0;
    }

    /** Returns the name of the file without the extension of its compression. */
    private String textName() {
        String name = location.path().getFileName().toString();
        String plain = name.replaceFirst("(?i)\\.(gz|zip|zst)$", "");
        return plain.isEmpty() || plain.equals(LABELS) ? "table.csv" : plain;
    }

    /**
     * Writes the remaining data.
     *
     * @param folder an empty folder
     */
    public void write(Path folder) throws IOException {
        if (photos()) {
            writer().copy(folder);
            return;
        }
        if (text()) {
            try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(textName()))) {
                CleanedText.write(location.path(), options, source, cleaning, added(), out);
            }
        } else if (names().contains(ARRAY)) {
            CleanedRows.array(source, cleaning, folder.resolve(ARRAY));
        }
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(LABELS))) {
            CleanedRows.labels(cleaning, options.roles().id(), out);
        }
    }

    private CleanedPhotos writer() {
        return new CleanedPhotos(location, !grouped && options.labels().isEmpty(), source, cleaning);
    }

    /**
     * Changes the data in place: moves photos to the folders of their classes.
     *
     * @param aside a new folder for the dropped photos
     * @throws InvalidInputException if the sub-folders of photos are not the labels
     */
    public void moveInPlace(Path aside) throws IOException {
        requireMovable();
        writer().move(aside);
    }

    /** @throws InvalidInputException if the data cannot be changed in place */
    public void requireMovable() {
        InvalidInputException.require(
                photos() && options.labels().isEmpty(),
                "--in-place moves photos between the sub-folders that are their labels; %s has other labels: leave out "
                        + "--in-place",
                source.name());
    }
}
