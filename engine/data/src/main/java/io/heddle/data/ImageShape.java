package io.heddle.data;

/**
 * How a row of values makes an image: from the top row of pixels down, left to right, the channels of a pixel together.
 *
 * @param width pixels across
 * @param height pixels down
 * @param channels 1 for gray, 3 for red, green and blue
 */
public record ImageShape(int width, int height, int channels) {
    /** Values in an image. */
    public int values() {
        return Math.multiplyExact(Math.multiplyExact(width, height), channels);
    }

    /** As people write it: 800 x 600, in colour. */
    @Override
    public String toString() {
        return "%d x %d, %s"
                .formatted(
                        width, height, channels == 1 ? "gray" : channels == 3 ? "in colour" : channels + " channels");
    }
}
