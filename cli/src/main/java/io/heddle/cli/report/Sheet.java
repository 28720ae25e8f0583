package io.heddle.cli.report;

import java.util.Locale;

/**
 * A picture that contains many small images of equal size, row by row.
 *
 * @param selector CSS selector of the elements that show a cell, which they select with {@code --x} and {@code --y}
 * @param picture all cells
 * @param columns number of cells per row
 * @param ratio height of a cell divided by its width
 * @param sharp whether the images are so small that a page enlarges them pixel by pixel
 */
public record Sheet(String selector, Picture picture, int columns, double ratio, boolean sharp) {
    /** Returns the CSS rule that assigns the picture to the elements. */
    public String rule() {
        return String.format(
                Locale.ROOT,
                "%s { background-image: url(\"%s\"); --cols: %d; --ratio: %s;%s }",
                selector,
                picture.dataUri(),
                columns,
                Double.toString(ratio),
                sharp ? " image-rendering: pixelated;" : "");
    }
}
