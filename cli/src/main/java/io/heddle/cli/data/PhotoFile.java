package io.heddle.cli.data;

import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;

/** A single photo, read as one more row of images that are there already. */
public final class PhotoFile {
    private PhotoFile() {}

    /**
     * Whether a file is a photo, by its first bytes.
     *
     * @throws DataFormatException if there is no such file
     */
    public static boolean is(Path file) throws IOException {
        return Formats.of(file) == Formats.PHOTO;
    }

    /**
     * Reads a photo and brings it to the size and the channels of the images.
     *
     * @param options how the images were read
     * @return 1 × width · height · channels, which the caller closes
     * @throws DataFormatException if the file is damaged
     */
    public static FloatMatrix read(Path file, ImageShape images, DataOptions options) throws IOException {
        ImageShape own = Photo.shape(file);
        float[] pixels = Photo.pixels(file, images.channels());
        if (own.width() != images.width() || own.height() != images.height()) {
            ImageShape from = new ImageShape(own.width(), own.height(), images.channels());
            pixels = new Resize(from, new ImageSize(images.width(), images.height())).apply(pixels);
        }
        float scale = options.scaleFor(true);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] *= scale;
        }
        return FloatMatrix.copyOf(pixels, 1, pixels.length);
    }
}
