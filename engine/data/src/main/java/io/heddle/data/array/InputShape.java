package io.heddle.data.array;

import io.heddle.data.DataOptions;
import io.heddle.data.ImageShape;
import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** Interprets the dimensions of an array: rows x columns, or images with the channels last. */
final class InputShape {
    private static final int TABLE = 2;
    private static final int GRAY_IMAGES = 3;
    private static final int IMAGES_WITH_CHANNELS = 4;

    private InputShape() {}

    static void requireTable(NpyArray array, String name) {
        long[] shape = array.shape();
        String text = shape.length == 0
                ? "a single element"
                : Arrays.stream(shape).mapToObj(Long::toString).collect(Collectors.joining(" x "));
        InvalidInputException.require(
                shape.length >= TABLE,
                "%s is an array of %s; a table needs two or more dimensions, rows and columns",
                name,
                text);
        InvalidInputException.require(
                array.rows() > 0 && array.columns() > 0, "%s is an array of %s: it has no values", name, text);
    }

    static Optional<ImageShape> images(NpyArray array, String name, DataOptions options) {
        long[] shape = array.shape();
        if (shape.length == GRAY_IMAGES) {
            return Optional.of(new ImageShape((int) shape[2], (int) shape[1], 1));
        }
        if (shape.length == IMAGES_WITH_CHANNELS && (shape[3] == 1 || shape[3] == 3)) {
            return Optional.of(new ImageShape((int) shape[2], (int) shape[1], (int) shape[3]));
        }
        return options.imagesIn(array.columns(), name);
    }
}
