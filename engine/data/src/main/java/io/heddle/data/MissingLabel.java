package io.heddle.data;

/** The handling of a row whose label is missing. */
public enum MissingLabel {
    /** The row is refused; the message names its place. */
    REFUSE,
    /** The row is left out; a note states the number of these rows. */
    DROP_ROWS,
    /** A text such as {@code NA} is a class like any other. An empty label is an error. */
    TEXT
}
