package io.heddle.data.photo;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.tiff.TiffMetadataReader;
import com.drew.imaging.webp.WebpMetadataReader;
import com.drew.lang.ByteArrayReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import io.heddle.data.ImageShape;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The EXIF orientation of a photo: cameras store the pixels of portrait photos in landscape format.
 *
 * @param code 1 to 8 as in EXIF; 1 means upright
 */
record Orientation(int code) {
    static final Orientation UPRIGHT = new Orientation(1);

    private static final int LAST = 8;
    // From this code on, rows and columns are exchanged.
    private static final int FIRST_TRANSPOSED = 5;

    /** Reads the orientation of a file. A missing or invalid one means upright. */
    static Orientation of(Path file, PhotoFormat format) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            Metadata metadata =
                    switch (format) {
                        case JPEG -> JpegMetadataReader.readMetadata(file.toFile(), List.of(new ExifReader()));
                        case PNG -> png(file);
                        case WEBP -> WebpMetadataReader.readMetadata(in);
                        case TIFF -> TiffMetadataReader.readMetadata(file.toFile());
                        default -> new Metadata();
                    };
            ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer code = exif == null ? null : exif.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
            return code == null || code < 1 || code > LAST ? UPRIGHT : new Orientation(code);
        } catch (ImageProcessingException | RuntimeException e) {
            // The decoder of the pixels reports a better message.
            return UPRIGHT;
        }
    }

    /** The library's reader of PNG expands compressed texts and colour profiles without a limit. */
    private static Metadata png(Path file) throws IOException {
        Metadata metadata = new Metadata();
        new ExifReader().extract(new ByteArrayReader(PngExif.read(file)), metadata);
        return metadata;
    }

    /** Returns the shape of the upright photo. */
    ImageShape turned(ImageShape stored) {
        return code < FIRST_TRANSPOSED ? stored : new ImageShape(stored.height(), stored.width(), stored.channels());
    }

    /**
     * Turns pixels upright.
     *
     * @param pixels the stored pixels
     * @param stored their shape
     */
    float[] turn(float[] pixels, ImageShape stored) {
        if (code == 1) {
            return pixels;
        }
        int channels = stored.channels();
        float[] out = new float[pixels.length];
        for (int y = 0; y < stored.height(); y++) {
            for (int x = 0; x < stored.width(); x++) {
                int from = (y * stored.width() + x) * channels;
                System.arraycopy(pixels, from, out, place(x, y, stored) * channels, channels);
            }
        }
        return out;
    }

    /**
     * Returns the index of a stored pixel in the upright photo.
     *
     * @param column column of the stored pixel
     * @param row row of the stored pixel
     */
    int place(int column, int row, ImageShape stored) {
        int right = stored.width() - 1;
        int bottom = stored.height() - 1;
        int x =
                switch (code) {
                    case 1, 4 -> column;
                    case 2, 3 -> right - column;
                    case 5, 8 -> row;
                    default -> bottom - row;
                };
        int y =
                switch (code) {
                    case 1, 2 -> row;
                    case 3, 4 -> bottom - row;
                    case 5, 6 -> column;
                    default -> right - column;
                };
        return y * (code < FIRST_TRANSPOSED ? stored.width() : stored.height()) + x;
    }
}
