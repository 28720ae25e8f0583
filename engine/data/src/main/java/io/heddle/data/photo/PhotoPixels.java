package io.heddle.data.photo;

import io.heddle.data.ImageShape;
import io.heddle.data.ImageSize;
import io.heddle.data.Resize;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Converts photos to rows of a matrix: upright according to EXIF, resized, in gray or in colour. Only one piece of a
 * photo is in the Java heap at a time.
 *
 * @param channels 1 for gray, 3 for colour
 * @param resize new size, with values rounded to bytes as in Pillow; by default photos are not resized
 * @param scale factor for each byte
 */
record PhotoPixels(int channels, Optional<ImageSize> resize, float scale) {
    private static final float MAXIMUM = 255;

    /**
     * @param out matrix with a column for each value of the photo
     * @param row index of the row to write
     * @throws DataFormatException if the photo is damaged or its size does not match the row
     */
    void read(Photo photo, FloatMatrix out, long row) throws DataFormatException {
        ImageShape seen = photo.shape();
        if (resize.isPresent()
                && (seen.width() != resize.get().width()
                        || seen.height() != resize.get().height())) {
            out.setRow(row, resized(photo, resize.get(), true));
            return;
        }
        if ((long) seen.width() * seen.height() * channels != out.columns()) {
            throw new DataFormatException("%s has changed its size since it was opened".formatted(photo.file()));
        }
        MemorySegment target = out.segment();
        long start = out.offset(row);
        ImageShape stored = stored(photo);
        float[] values = new float[stored.width() * channels];
        photo.decode(channels, (y, pixels) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = scale * (pixels[i] & 0xff);
            }
            if (photo.orientation().equals(Orientation.UPRIGHT)) {
                long at = start + (long) y * values.length * Float.BYTES;
                MemorySegment.copy(values, 0, target, ValueLayout.JAVA_FLOAT, at, values.length);
                return;
            }
            for (int x = 0; x < stored.width(); x++) {
                long at = start + (long) photo.orientation().place(x, y, stored) * channels * Float.BYTES;
                MemorySegment.copy(values, x * channels, target, ValueLayout.JAVA_FLOAT, at, channels);
            }
        });
    }

    private ImageShape stored(Photo photo) {
        return new ImageShape(photo.stored().width(), photo.stored().height(), channels);
    }

    /**
     * Resizes a photo.
     *
     * @param whole whether values are rounded to bytes
     */
    float[] resized(Photo photo, ImageSize size, boolean whole) throws DataFormatException {
        ImageShape stored = stored(photo);
        ImageShape to = new ImageShape(size.width(), size.height(), channels);
        // The filter is symmetric, so the photo is turned after it was reduced.
        ImageShape lying = photo.orientation().turned(to);
        Resize.Rows rows = new Resize(stored, new ImageSize(lying.width(), lying.height())).rows();
        float[] values = new float[stored.width() * channels];
        photo.decode(channels, (y, pixels) -> {
            for (int i = 0; i < values.length; i++) {
                values[i] = pixels[i] & 0xff;
            }
            rows.add(values);
        });
        float[] image = photo.orientation().turn(rows.image(), lying);
        for (int i = 0; i < image.length; i++) {
            // In floats, the weights can sum to slightly more than 1.
            float value = Math.min(MAXIMUM, image[i]);
            image[i] = scale * (whole ? Math.round(value) : value);
        }
        return image;
    }
}
