package io.heddle.data.photo;

/** Takes an image row by row, from the top down, as it is stored in its file. */
@FunctionalInterface
interface RowSink {
    /** For what decodes an image to see whether it can be. */
    RowSink NONE = (y, pixels) -> {};

    /**
     * @param y the row
     * @param pixels 0 to 255, the channels of a pixel together; overwritten by the next row
     */
    void row(int y, byte[] pixels);
}
