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
    /** The certainty that data have a format. */
    enum Match {
        /** The data have another format. */
        NONE,
        /** The file extension is one of this format; the content is not specific. */
        NAME,
        /** The content has this format. */
        CONTENT
    }

    /** {@return the name of the format in messages, such as {@code "CSV"}} */
    String title();

    /** {@return the rank of this format; of equally certain formats, the one with the lowest rank is used} */
    int order();

    /**
     * {@return the certainty that the data have this format; reads only the first bytes}
     *
     * @param location location of the data
     * @throws IOException if the data cannot be read
     */
    Match match(DataLocation location) throws IOException;

    /**
     * Opens data.
     *
     * @param location location of the data
     * @param options options of the reader
     * @param log receives one line per slow step or automatic decision
     * @return the data, which the caller closes
     * @throws DataFormatException if the data are damaged or not supported
     * @throws InvalidInputException if an option is not valid for them
     */
    DataSource open(DataLocation location, DataOptions options, Consumer<String> log) throws IOException;

    /** {@return whether data of this format have parts, such as {@code :train} and {@code :test}} */
    default boolean hasParts() {
        return false;
    }

    /** {@return whether a file of this format can contain the labels of other data} */
    default boolean holdsLabels() {
        return false;
    }

    /**
     * Reads a file of labels.
     *
     * @param file a file of this format
     * @param options options with the column of the labels
     * @param rows rows of the data
     * @return the labels
     * @throws DataFormatException if the file is damaged or has no labels
     */
    default Labels readLabels(Path file, DataOptions options, UnlabelledRows rows) throws IOException {
        throw new DataFormatException(file + " is not a file of labels");
    }
}
