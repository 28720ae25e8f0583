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
 * What a data set becomes by decisions about it, as files.
 *
 * <p>A folder of photos becomes a folder of photos with a sub-folder for each class. A table in text becomes a table
 * with the same columns. All but photos get a {@code labels.csv} of the rows that are left; where rows of an array are
 * dropped, the others are written as {@code data.npy}.
 */
public final class CleanedData {
    /** The file of the labels that are left. */
    public static final String LABELS = "labels.csv";

    private static final String ARRAY = "data.npy";

    private final DataLocation location;
    private final DataOptions options;
    private final DataSource source;
    private final Cleaning cleaning;
    private final boolean table;
    private final boolean grouped;

    /**
     * @param location where the source comes from
     * @param options that the source was opened with
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

    /** Data whose labels are new: a table gets a column of them. */
    public static CleanedData grouped(DataLocation location, DataOptions options, DataSource source, Cleaning labelled)
            throws IOException {
        return new CleanedData(location, options, source, labelled, true);
    }

    /** The name of the column that a table gets; empty if it keeps its own. */
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

    /** Whether the data are photos with files of their own. */
    public boolean photos() {
        return location.isFolder() && source.file(0).isPresent();
    }

    /**
     * Whether rows of the file were not read because they have no label; rows after the last one with a label do not
     * count.
     */
    public boolean skipsRows() {
        long rows = source.rows();
        return rows > 0 && source.fileRow(rows - 1) >= rows;
    }

    private boolean text() {
        return !location.isFolder()
                && Files.isRegularFile(location.path())
                && table
                && source.fields().isPresent();
    }

    /** Names of the files that {@link #write} makes; for photos only the folder itself. */
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

    /** A table that is no text can hold what no array can. */
    private boolean array() {
        return !table || source.isWide();
    }

    /** Whether the rows that are left are written only as labels, and have to be picked from the data by number. */
    public boolean labelsAlone() {
        return !photos() && !text() && !array() && cleaning.droppedRows() > 0;
    }

    /** The name of the file without the ending of what it is packed by. */
    private String textName() {
        String name = location.path().getFileName().toString();
        String plain = name.replaceFirst("(?i)\\.(gz|zip|zst)$", "");
        return plain.isEmpty() || plain.equals(LABELS) ? "table.csv" : plain;
    }

    /**
     * Writes the data that are left.
     *
     * @param folder an empty one
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
            CleanedRows.labels(cleaning, out);
        }
    }

    private CleanedPhotos writer() {
        return new CleanedPhotos(location, !grouped && options.labels().isEmpty(), source, cleaning);
    }

    /**
     * Changes the data where they are: moves photos to the folders of their classes.
     *
     * @param aside a new folder for the photos that are dropped
     * @throws InvalidInputException if the sub-folders of photos are not the labels
     */
    public void moveInPlace(Path aside) throws IOException {
        requireMovable();
        writer().move(aside);
    }

    /** @throws InvalidInputException if the data cannot be changed where they are */
    public void requireMovable() {
        InvalidInputException.require(
                photos() && options.labels().isEmpty(),
                "--in-place moves photos between the sub-folders that are their labels; %s has other labels: leave out "
                        + "--in-place",
                source.name());
    }
}
