package io.heddle.cli.catalogue;

/**
 * Small pictures of chosen rows, or the values of rows of a table.
 *
 * @param rows rows of the data, one per picture
 * @param width width in pixels, equal for all
 * @param height height in pixels
 * @param channels 1 for gray, 3 for RGB
 * @param pixels count · height · width · channels bytes, row by row from the top, with interleaved channels
 * @param values values of rows of a table; empty for pictures
 */
public record Pictures(int[] rows, int width, int height, int channels, byte[] pixels, RowValues values) {
    /** Returns the first values of a row of a table; empty if there are none. */
    public String brief(int row, int most) {
        for (int i = 0; i < rows.length && values.present(); i++) {
            if (rows[i] == row) {
                return values.brief(i, most);
            }
        }
        return "";
    }

    public Pictures {
        if (pixels.length != (long) rows.length * width * height * channels) {
            throw new IllegalArgumentException("%d pictures of %d x %d x %d need other than %d bytes"
                    .formatted(rows.length, width, height, channels, pixels.length));
        }
    }
}
