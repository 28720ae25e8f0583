package io.heddle.cli.catalogue;

/**
 * Small pictures of chosen rows.
 *
 * @param rows of the data, one a picture
 * @param width pixels across, the same for all
 * @param height pixels down
 * @param channels 1 for gray, 3 for red, green and blue
 * @param pixels count · height · width · channels bytes, from the top row down, the channels of a pixel together
 * @param drawing whether they are light ink on black ground
 */
public record Pictures(int[] rows, int width, int height, int channels, byte[] pixels, boolean drawing) {
    public Pictures {
        if (pixels.length != (long) rows.length * width * height * channels) {
            throw new IllegalArgumentException("%d pictures of %d x %d x %d need other than %d bytes"
                    .formatted(rows.length, width, height, channels, pixels.length));
        }
    }
}
