package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;

/**
 * How a TIFF file stores the pixels of its first image. ImageIO's reader ignores some entries and assumes values for
 * missing ones, which gives wrong pixels.
 *
 * @param entries by tag
 * @param length of the file
 */
record TiffLayout(Path file, Map<Integer, TiffEntry> entries, ByteOrder order, long length) {
    private static final int BITS = 258;
    private static final int COMPRESSION = 259;
    private static final int KIND = 262;
    private static final int STRIP_OFFSETS = 273;
    private static final int SAMPLES = 277;
    private static final int STRIP_LENGTHS = 279;
    private static final int PREDICTOR = 317;
    private static final int COLOURS = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_OFFSETS = 324;
    private static final int TILE_LENGTHS = 325;
    private static final int EXTRA_SAMPLES = 338;
    private static final int SAMPLE_FORMAT = 339;
    private static final int DEPTH = 32_997;
    /** Other entries that change pixels: FillOrder, PlanarConfiguration, Predictor. */
    private static final Set<Integer> OTHERS = Set.of(266, 284, PREDICTOR);

    private static final Set<Integer> PLACES =
            Set.of(STRIP_OFFSETS, STRIP_LENGTHS, TILE_WIDTH, TILE_OFFSETS, TILE_LENGTHS, DEPTH);
    /** The entries that ImageIO's reader ignores unless their numbers have 16 bits. */
    private static final Set<Integer> SHORTS =
            union(OTHERS, Set.of(BITS, COMPRESSION, KIND, SAMPLES, COLOURS, EXTRA_SAMPLES, SAMPLE_FORMAT));
    /** The entries without which pixels are read wrongly. */
    static final Set<Integer> USED = union(PLACES, SHORTS);

    private static final int NOT_COMPRESSED = 1;
    private static final Set<Long> JPEG = Set.of(6L, 7L);
    /** LZW and two codes of Deflate, whose values may be differences. */
    private static final Set<Long> PREDICTED = Set.of(5L, 8L, 32_946L);

    private static final int DIFFERENCES = 2;

    private static final int BLACK_IS_ZERO = 1;
    private static final int RGB = 2;
    private static final int INKS = 5;
    private static final int LUMA_AND_CHROMA = 6;
    private static final int RGB_SAMPLES = 3;
    private static final int INK_SAMPLES = 4;
    private static final Set<Long> LAB = Set.of(8L, 9L, 10L);

    private static final int SIGNED = 2;
    private static final int FLOAT = 3;

    private static final TiffEntry SHORT = new TiffEntry(0, Short.BYTES, new long[0]);

    private static Set<Integer> union(Set<Integer> a, Set<Integer> b) {
        return Stream.concat(a.stream(), b.stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** Reads the first directory of a file. */
    static TiffLayout of(Path file) throws IOException {
        TiffLayout layout = TiffDirectories.layout(file);
        if (layout == null) {
            throw new DataFormatException(file + " is damaged: it ends too early");
        }
        return layout;
    }

    private long[] numbers(int tag) {
        return entries.getOrDefault(tag, TiffEntry.NONE).numbers();
    }

    private long first(int tag, long missing) {
        long[] numbers = numbers(tag);
        return numbers.length == 0 ? missing : numbers[0];
    }

    /** @throws DataFormatException if pixels are missing or ImageIO's reader would read other pixels */
    void requireReadable() throws DataFormatException {
        if (beyondEnd() && first(COMPRESSION, NOT_COMPRESSED) != NOT_COMPRESSED) {
            // The reader replaces the last compressed bytes by zeros.
            throw new DataFormatException(file + " is damaged: it ends too early");
        }
        for (int tag : SHORTS) {
            if (entries.getOrDefault(tag, SHORT).bytes() != Short.BYTES) {
                throw refused("an entry of an unusual type (tag %d)".formatted(tag));
            }
        }
        long kind = first(KIND, -1);
        long samples = first(SAMPLES, 1);
        if (JPEG.contains(first(COMPRESSION, NOT_COMPRESSED)) && samples != 1 && samples != 3) {
            throw refused("%d values per pixel with JPEG compression".formatted(samples));
        }
        if (LAB.contains(kind)) {
            throw refused("colours of CIE L*a*b*");
        }
        for (long format : numbers(SAMPLE_FORMAT)) {
            if (format == SIGNED || format == FLOAT) {
                throw refused(format == SIGNED ? "values with a sign" : "floating-point values");
            }
        }
        if (first(DEPTH, 1) > 1) {
            throw refused("%d layers of pixels".formatted(first(DEPTH, 1)));
        }
        if (kind <= BLACK_IS_ZERO && kind >= 0 && samples > 2) {
            throw refused("%d gray values per pixel".formatted(samples));
        }
        if (kind < 0 && samples < RGB_SAMPLES) {
            throw new DataFormatException(
                    file + " is damaged: it does not declare whether 0 is black or white (PhotometricInterpretation)");
        }
        if (kind == INKS && Arrays.stream(numbers(BITS)).anyMatch(bits -> bits != Byte.SIZE)) {
            throw refused("CMYK colours of %d bits each".formatted(first(BITS, 1)));
        }
        if (samples < colours()) {
            throw new DataFormatException("%s is damaged: it declares %d values per pixel, but its colours have %d"
                    .formatted(file, samples, colours()));
        }
    }

    private int colours() {
        return switch ((int) first(KIND, first(SAMPLES, 1) < RGB_SAMPLES ? BLACK_IS_ZERO : RGB)) {
            case INKS -> INK_SAMPLES;
            case RGB, LUMA_AND_CHROMA -> RGB_SAMPLES;
            default -> 1;
        };
    }

    private DataFormatException refused(String reason) {
        return new DataFormatException("%s has %s, which Heddle does not read: save it as gray or RGB with 8 or 16 bits"
                .formatted(file, reason));
    }

    /**
     * Returns whether pixels have a value that is neither a colour nor transparency. The reader takes it for
     * transparency.
     */
    boolean extra() {
        // As in Pillow, a fourth value without this entry is transparency.
        return first(EXTRA_SAMPLES, -1) == 0;
    }

    private boolean beyondEnd() {
        return beyondEnd(STRIP_OFFSETS, STRIP_LENGTHS) || beyondEnd(TILE_OFFSETS, TILE_LENGTHS);
    }

    private boolean beyondEnd(int places, int sizes) {
        long[] offsets = numbers(places);
        long[] lengths = numbers(sizes);
        boolean beyond = false;
        for (int i = 0; i < Math.min(offsets.length, lengths.length); i++) {
            beyond |= offsets[i] + lengths[i] > length;
        }
        return beyond;
    }

    /**
     * Returns whether the values of 16 bits are differences from the pixel on the left. ImageIO's reader refuses them,
     * so it reads them as values, and {@link #sum} adds them.
     */
    private boolean differences() {
        long kind = first(KIND, -1);
        long[] bits = numbers(BITS);
        return first(PREDICTOR, 1) == DIFFERENCES
                && PREDICTED.contains(first(COMPRESSION, NOT_COMPRESSED))
                && bits.length > 0
                && Arrays.stream(bits).allMatch(b -> b == Short.SIZE)
                && (kind == BLACK_IS_ZERO || kind == RGB);
    }

    /** Replaces differences from the pixel on the left by values, in each tile, if the file has differences. */
    void sum(WritableRaster raster) {
        if (!differences()) {
            return;
        }
        int width = raster.getWidth();
        int tile = Math.clamp(first(TILE_WIDTH, width), 1, width);
        int[] row = new int[width];
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int band = 0; band < raster.getNumBands(); band++) {
                raster.getSamples(0, y, width, 1, band, row);
                for (int x = 1; x < width; x++) {
                    row[x] = x % tile == 0 ? row[x] : row[x] + row[x - 1] & 0xffff;
                }
                raster.setSamples(0, y, width, 1, band, row);
            }
        }
    }

    /**
     * Opens the file. Declared lengths of pixels that reach beyond its end are shortened, and differences are declared
     * as values. The reader refuses both.
     */
    ImageInputStream open() throws IOException {
        if (differences()) {
            byte[] values = ByteBuffer.allocate(Short.BYTES)
                    .order(order)
                    .putShort((short) 1)
                    .array();
            return new ChangedInput(file, entries.get(PREDICTOR).at(), values);
        }
        if (!beyondEnd()) {
            return ImageIO.createImageInputStream(file.toFile());
        }
        boolean strips = numbers(STRIP_OFFSETS).length > 0;
        long[] offsets = numbers(strips ? STRIP_OFFSETS : TILE_OFFSETS);
        TiffEntry lengths = entries.get(strips ? STRIP_LENGTHS : TILE_LENGTHS);
        ByteBuffer shorter =
                ByteBuffer.allocate(lengths.numbers().length * lengths.bytes()).order(order);
        for (int i = 0; i < lengths.numbers().length; i++) {
            long rest = i < offsets.length ? Math.max(0, length - offsets[i]) : 0;
            long bytes = Math.min(lengths.numbers()[i], rest);
            if (lengths.bytes() == Short.BYTES) {
                shorter.putShort((short) bytes);
            } else {
                shorter.putInt((int) bytes);
            }
        }
        return new ChangedInput(file, lengths.at(), shorter.array());
    }

    /** A file with other bytes in one place. */
    private static final class ChangedInput extends FileImageInputStream {
        private final long at;
        private final byte[] other;

        ChangedInput(Path file, long at, byte[] other) throws IOException {
            super(file.toFile());
            this.at = at;
            this.other = other;
        }

        @Override
        public int read() throws IOException {
            long place = streamPos - at;
            int value = super.read();
            return value < 0 || place < 0 || place >= other.length ? value : Byte.toUnsignedInt(other[(int) place]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            long start = streamPos;
            int count = super.read(target, offset, length);
            for (long i = Math.max(start, at); i < Math.min(start + count, at + other.length); i++) {
                target[offset + (int) (i - start)] = other[(int) (i - at)];
            }
            return count;
        }
    }
}
