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

/** A single photo, read as one more row of images that are there already. */
public final class PhotoFile {
    private PhotoFile() {}

    /**
     * Whether a file is a photo, by its first bytes.
     *
     * @throws DataFormatException if there is no such file
     */
    public static boolean is(Path file) throws IOException {
        return PhotoFormat.of(DataLocation.ofFile(file).start()) != PhotoFormat.UNKNOWN;
    }

    /**
     * Reads a photo and brings it to the size and the channels of the images.
     *
     * @param options how the images were read
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
