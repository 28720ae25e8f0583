package io.heddle.data;

import io.heddle.matrix.InvalidInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A width and a height in pixels.
 *
 * @param width 1 to 16384
 * @param height 1 to 16384
 */
public record ImageSize(int width, int height) {
    private static final int LARGEST = 16_384;
    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})(?:[x×X](\\d{1,6}))?");

    /**
     * Checks the sides.
     *
     * @throws InvalidInputException if a side is out of its range
     */
    public ImageSize {
        InvalidInputException.require(
                width >= 1 && width <= LARGEST && height >= 1 && height <= LARGEST,
                "the sides of an image must be 1 to %d pixels, not %d x %d",
                LARGEST,
                width,
                height);
    }

    /**
     * Parses {@code 96} for a square and {@code 128x96} for width and height.
     *
     * @param text width, or width and height
     * @return the size
     * @throws InvalidInputException if the text is neither
     */
    public static ImageSize parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        InvalidInputException.require(
                matcher.matches(), "'%s' is not an image size; use for example 96 or 128x96", text);
        int width = Integer.parseInt(matcher.group(1));
        return new ImageSize(width, matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2)));
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
