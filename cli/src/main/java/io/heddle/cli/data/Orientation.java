package io.heddle.cli.data;

import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.jpeg.JpegProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import com.drew.metadata.exif.ExifReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How the pixels of a JPEG lie in its file, as EXIF tells it: a camera that is held upright writes them lying down.
 *
 * @param code 1 to 8 as in EXIF; 1 is as they are to be seen
 */
record Orientation(int code) {
    static final Orientation UPRIGHT = new Orientation(1);

    private static final int LAST = 8;
    // From here on, rows are columns.
    private static final int FIRST_LYING = 5;

    /** Of a JPEG file; one that says nothing, or nonsense, is upright. */
    static Orientation of(Path jpeg) throws IOException {
        try {
            Metadata metadata = JpegMetadataReader.readMetadata(jpeg.toFile(), List.of(new ExifReader()));
            ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
            Integer code = exif == null ? null : exif.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
            return code == null || code < 1 || code > LAST ? UPRIGHT : new Orientation(code);
        } catch (JpegProcessingException e) {
            // The decoder of the pixels says better what is wrong with the file.
            return UPRIGHT;
        }
    }

    /** The shape in which the photo is to be seen. */
    ImageShape turned(ImageShape stored) {
        return code < FIRST_LYING ? stored : new ImageShape(stored.height(), stored.width(), stored.channels());
    }

    /**
     * Brings pixels upright.
     *
     * @param pixels as they are stored
     * @param stored their shape
     */
    float[] turn(float[] pixels, ImageShape stored) {
        if (code == 1) {
            return pixels;
        }
        ImageShape to = turned(stored);
        int channels = stored.channels();
        float[] out = new float[pixels.length];
        for (int y = 0; y < to.height(); y++) {
            for (int x = 0; x < to.width(); x++) {
                int from = source(x, y, stored) * channels;
                System.arraycopy(pixels, from, out, (y * to.width() + x) * channels, channels);
            }
        }
        return out;
    }

    /** Which stored pixel is seen at a place. */
    private int source(int x, int y, ImageShape stored) {
        int right = stored.width() - 1;
        int bottom = stored.height() - 1;
        int column =
                switch (code) {
                    case 2, 3 -> right - x;
                    case 4 -> x;
                    case 5, 6 -> y;
                    default -> right - y;
                };
        int row =
                switch (code) {
                    case 2 -> y;
                    case 3, 4 -> bottom - y;
                    case 5, 8 -> x;
                    default -> bottom - x;
                };
        return row * stored.width() + column;
    }
}
