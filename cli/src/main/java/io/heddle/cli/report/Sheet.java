package io.heddle.cli.report;

import java.util.Locale;

/**
 * Many small images in one picture, all cells of one size, row by row.
 *
 * @param selector CSS selector of the elements that show a cell; they name it with {@code --x} and {@code --y}
 * @param picture all cells
 * @param columns cells in a row
 * @param ratio height of a cell over its width
 * @param sharp whether the images are so small that a page enlarges them pixel by pixel
 */
public record Sheet(String selector, Picture picture, int columns, double ratio, boolean sharp) {
    /** The rule of the style sheet that gives the elements their picture. */
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
