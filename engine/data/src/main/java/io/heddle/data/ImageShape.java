package io.heddle.data;

/**
 * The shape of an image in a row of values: pixels row by row from the top left, with interleaved channels.
 *
 * @param width pixels across
 * @param height pixels down
 * @param channels 1 for gray, 3 for red, green and blue
 */
public record ImageShape(int width, int height, int channels) {
    /** {@return the number of values in an image} */
    public int values() {
        return Math.multiplyExact(Math.multiplyExact(width, height), channels);
    }

    /** {@return the shape as text, such as {@code 800 x 600, in colour}} */
    @Override
    public String toString() {
        return "%d x %d, %s"
                .formatted(
                        width, height, channels == 1 ? "gray" : channels == 3 ? "in colour" : channels + " channels");
    }
}
