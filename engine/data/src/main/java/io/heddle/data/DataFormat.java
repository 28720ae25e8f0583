package io.heddle.data;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A format of data sets. {@link DataSource#open} finds the formats by {@link java.util.ServiceLoader}: a new format is
 * one class with a public constructor without parameters, and one line in {@code module-info.java} and in
 * {@code META-INF/services}.
 */
public interface DataFormat {
    /** How certain a format is that data are its own. */
    enum Match {
        /** The data are of another format. */
        NONE,
        /** The name ends as those of this format do; the content says nothing. */
        NAME,
        /** The content is of this format. */
        CONTENT
    }

    /** {@return what a sentence calls the format, such as {@code "CSV"}} */
    String title();

    /** {@return the place of this format among the others, ascending: the first of equally certain formats is taken} */
    int order();

    /**
     * {@return how certain this format is that the data are its own; no more than the first bytes are read}
     *
     * @param location where the data are
     * @throws IOException if the data cannot be read
     */
    Match match(DataLocation location) throws IOException;

    /**
     * Opens data.
     *
     * @param location where the data are
     * @param options how they are to be read
     * @param log receives a line for what takes long or was decided for the user
     * @return the data, which the caller closes
     * @throws DataFormatException if the data are damaged or not understood
     * @throws InvalidInputException if an option does not fit them
     */
    DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException;

    /** {@return whether data of this format come in parts, such as {@code :train} and {@code :test}} */
    default boolean hasParts() {
        return false;
    }

    /** {@return whether a file of this format can hold one label for each row of other data} */
    default boolean holdsLabels() {
        return false;
    }

    /**
     * Reads a file of labels.
     *
     * @param file of this format
     * @param options which column it is
     * @param rows number of rows of the data, or {@link LabelFile#ANY}
     * @return the labels
     * @throws DataFormatException if the file is damaged or holds no labels
     */
    default Labels readLabels(Path file, DataOptions options, long rows) throws IOException {
        throw new DataFormatException(file + " is not a file of labels");
    }
}
