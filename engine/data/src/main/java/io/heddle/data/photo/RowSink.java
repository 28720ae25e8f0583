package io.heddle.data.photo;

/** Receives an image row by row from the top, in the stored orientation. */
@FunctionalInterface
interface RowSink {
    /** A sink that ignores the rows, to check whether an image can be decoded. */
    RowSink NONE = (y, pixels) -> {};

    /**
     * @param y the row
     * @param pixels values 0 to 255 with interleaved channels; overwritten by the next row
     */
    void row(int y, byte[] pixels);
}
