package io.heddle.data.photo;

import io.heddle.data.DataLocation;
import io.heddle.data.DataOptions;
import io.heddle.data.ImageShape;
import io.heddle.data.ImageSize;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a single photo as a row that is compatible with other images. */
public final class PhotoFile {
    private PhotoFile() {}

    /**
     * Returns whether a file is a photo, by its first bytes.
     *
     * @throws DataFormatException if there is no such file
     */
    public static boolean is(Path file) throws IOException {
        return PhotoFormat.of(DataLocation.ofFile(file).start()) != PhotoFormat.UNKNOWN;
    }

    /**
     * Reads a photo with the size and the channels of the images.
     *
     * @param options options of the images
     * @return 1 × width · height · channels, which the caller closes
     * @throws DataFormatException if the file is damaged
     */
    public static FloatMatrix read(Path file, ImageShape images, DataOptions options) throws IOException {
        FloatMatrix row = FloatMatrix.allocate(1, images.values());
        try {
            Photo photo = Photo.open(file);
            ImageShape own = photo.shape();
            boolean fits = own.width() == images.width() && own.height() == images.height();
            Optional<ImageSize> resize =
                    fits ? Optional.empty() : Optional.of(new ImageSize(images.width(), images.height()));
            new PhotoPixels(images.channels(), resize, options.scaleFor(true)).read(photo, row, 0);
            return row;
        } catch (IOException | RuntimeException | Error e) {
            row.close();
            throw e;
        }
    }
}
