package io.heddle.data.photo;

import io.heddle.data.ImageShape;
import io.heddle.files.DataFormatException;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

/**
 * A photo whose header has been read; its pixels are decoded on demand. Every error names the file. If a file has
 * several images, the first is used.
 *
 * @param file path of the file
 * @param format format of the file
 * @param stored the stored shape, before it is turned upright
 * @param orientation the orientation
 * @param several whether the file has more images, such as an animation
 * @param extra whether its pixels have a value that is neither a colour nor transparency
 * @param deep whether its values have 9 to 16 bits; photos with more are refused
 * @param pixelBytes bytes of heap per pixel during decoding
 */
record Photo(
        Path file,
        PhotoFormat format,
        ImageShape stored,
        Orientation orientation,
        boolean several,
        boolean extra,
        boolean deep,
        int pixelBytes) {
    /** Maximum number of pixels: 16384 x 16384. Larger files are probably malicious. */
    private static final long MAXIMUM_PIXELS = 1L << 28;
    /**
     * Number of pixels that a file of any size may declare. More pixels need a minimum number of bytes. Only lossless
     * WebP compresses blank photos more, and decoding the pixels that a hundred bytes can declare would take 20 s.
     */
    private static final long PLAUSIBLE_PIXELS = 1L << 22;

    private static final long MAXIMUM_PIXELS_PER_BYTE = 1 << 14;
    /** Maximum width. A row of pixels is stored as floats in the Java heap, at most 3 MB. */
    private static final int MAXIMUM_SIDE = 1 << 18;

    private static final long MAXIMUM_BYTES = 1L << 30;
    private static final int WHITE = 255;
    private static final int INKS = 4;
    private static final int BYTE = 8;

    /** Warnings of libjpeg that mean lost pixels. */
    private static final String[] LOSSES = {"end of", "bad Huffman", "unexpected marker", "code out of range"};

    /** Reads a file's header without decoding its pixels. */
    static Photo open(Path file) throws DataFormatException {
        return guarded(file, () -> {
            PhotoFormat format = PhotoFormat.of(file);
            return switch (format) {
                case JPEG -> jpeg(file);
                case GIF -> gif(file);
                case WEBP -> webp(file);
                case PNG, BMP, TIFF -> other(file, format);
                case HEIC, AVIF ->
                    throw new DataFormatException("%s is %s, which Heddle does not read; convert it to JPEG or PNG"
                            .formatted(file, format.reader()));
                case UNKNOWN ->
                    throw new DataFormatException(
                            Files.size(file) == 0
                                    ? file + " is empty"
                                    : "%s is not a %s file, despite its name"
                                            .formatted(file, PhotoFormat.READ.replace("and", "or")));
            };
        });
    }

    private static Photo jpeg(Path file) throws IOException {
        JpegHeader header = JpegHeader.read(file);
        ImageShape stored = checked(file, header.width(), header.height(), header.components() == 1 ? 1 : 3);
        return new Photo(
                file,
                PhotoFormat.JPEG,
                stored,
                Orientation.of(file, PhotoFormat.JPEG),
                false,
                false,
                false,
                header.components());
    }

    private static Photo gif(Path file) throws IOException {
        GifHeader header = GifHeader.read(file, false);
        boolean gray = read(file, PhotoFormat.GIF, stream(file), reader -> isGray(reader.getRawImageType(0)))
                && isGray(header.background());
        ImageShape stored = checked(file, header.width(), header.height(), gray ? 1 : 3);
        return new Photo(file, PhotoFormat.GIF, stored, Orientation.UPRIGHT, header.animated(), false, false, 1);
    }

    private static Photo webp(Path file) throws IOException {
        WebpFrame frame = WebpFrame.of(file);
        ImageShape stored = checked(file, frame.width(), frame.height(), 3);
        Orientation orientation = Orientation.of(file, PhotoFormat.WEBP);
        return new Photo(file, PhotoFormat.WEBP, stored, orientation, frame.several(), false, false, 4 * INKS);
    }

    private static Photo other(Path file, PhotoFormat format) throws IOException {
        TiffLayout layout = format == PhotoFormat.TIFF ? TiffLayout.of(file) : null;
        if (layout != null) {
            layout.requireReadable();
        }
        boolean extra = layout != null && layout.extra();
        Orientation orientation = Orientation.of(file, format);
        return read(file, format, layout == null ? stream(file) : layout.open(), reader -> {
            ImageTypeSpecifier type = reader.getRawImageType(0);
            if (type == null) {
                Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
                type = types.hasNext() ? types.next() : null;
            }
            ImageShape stored = checked(file, reader.getWidth(0), reader.getHeight(0), isGray(type) ? 1 : 3);
            int[] bits = type == null
                    ? new int[] {INKS * BYTE}
                    : type.getSampleModel().getSampleSize();
            int bytes = Math.max(1, Arrays.stream(bits).sum() / BYTE);
            boolean deep = type != null && Arrays.stream(bits).anyMatch(b -> b > BYTE && b <= 2 * BYTE);
            boolean several = format == PhotoFormat.TIFF && TiffDirectories.several(file);
            return new Photo(
                    file,
                    format,
                    stored,
                    orientation,
                    several,
                    extra,
                    deep,
                    format.inPieces() ? bytes : 3 * bytes + INKS);
        });
    }

    private static ImageShape checked(Path file, int width, int height, int channels) throws IOException {
        if ((long) width * height > MAXIMUM_PIXELS || width < 1 || height < 1) {
            throw new DataFormatException("%s declares %d x %d pixels; a photo may have 1 to %d"
                    .formatted(file, width, height, MAXIMUM_PIXELS));
        }
        if (Math.max(width, height) > MAXIMUM_SIDE) {
            throw new DataFormatException("%s declares %d x %d pixels; a side of a photo may have 1 to %d"
                    .formatted(file, width, height, MAXIMUM_SIDE));
        }
        long bytes = Files.size(file);
        if ((long) width * height > Math.max(PLAUSIBLE_PIXELS, bytes * MAXIMUM_PIXELS_PER_BYTE)) {
            throw new DataFormatException(
                    "%s declares %d x %d pixels in %d bytes; this number of bytes may declare at most %d"
                            .formatted(
                                    file,
                                    width,
                                    height,
                                    bytes,
                                    Math.max(PLAUSIBLE_PIXELS, bytes * MAXIMUM_PIXELS_PER_BYTE)));
        }
        return new ImageShape(width, height, channels);
    }

    private static boolean isGray(ImageTypeSpecifier type) {
        if (type == null) {
            return false;
        }
        ColorModel model = type.getColorModel();
        if (model instanceof IndexColorModel palette) {
            for (int i = 0; i < palette.getMapSize(); i++) {
                if (!isGray(palette.getRGB(i))) {
                    return false;
                }
            }
            return true;
        }
        return model.getNumColorComponents() == 1;
    }

    private static boolean isGray(int rgb) {
        int red = rgb >> 16 & WHITE;
        return red == (rgb >> 8 & WHITE) && red == (rgb & WHITE);
    }

    /** Returns the upright shape. */
    ImageShape shape() {
        return orientation.turned(stored);
    }

    /**
     * Decodes the pixels. Large photos are decoded in pieces to limit the heap, and wait for other large photos.
     * Decoding a piece includes decoding all previous ones.
     *
     * @param channels 1 for gray, 3 for colour
     * @param sink receives each row as stored, not turned
     */
    void decode(int channels, RowSink sink) throws DataFormatException {
        decode(channels, sink, DecodingMemory.heap());
    }

    void decode(int channels, RowSink sink, DecodingMemory memory) throws DataFormatException {
        guarded(file, () -> {
            long whole = fileBytes() + (long) stored.width() * stored.height() * pixelBytes;
            int pieces = 1;
            if (whole > memory.bytes() && format.inPieces()) {
                long room = Math.max(1, memory.bytes() - fileBytes());
                pieces = (int) Math.min(stored.height(), Math.ceilDiv(2 * (whole - fileBytes()), room));
            }
            long each = fileBytes() + (whole - fileBytes()) / pieces;
            if (each > memory.bytes()) {
                throw new DataFormatException(
                        "%s of %d x %d pixels needs %d MB of Java heap for decoding, but %d MB are available: set HEDDLE_JAVA_OPTS=-Xmx%dm"
                                .formatted(
                                        file,
                                        stored.width(),
                                        stored.height(),
                                        each >> 20,
                                        memory.bytes() >> 20,
                                        3 * (each >> 20)));
            }
            int height = Math.ceilDiv(stored.height(), pieces);
            byte[] row = new byte[Math.multiplyExact(stored.width(), channels)];
            try (DecodingMemory.Part part = memory.take(each)) {
                for (int top = 0; top < stored.height(); top += height) {
                    decode(top, Math.min(height, stored.height() - top), channels, row, sink);
                }
            }
            return null;
        });
    }

    /** The bytes of the file in memory, twice while unused segments are removed. */
    private long fileBytes() throws IOException {
        return format == PhotoFormat.JPEG ? 2 * Files.size(file) : 0;
    }

    private void decode(int top, int height, int channels, byte[] row, RowSink sink) throws IOException {
        switch (format) {
            case JPEG -> decodeJpeg(top, height, channels, row, sink);
            case GIF -> decodeGif(top, height, channels, row, sink);
            case WEBP -> {
                WebpFrame frame = WebpFrame.of(file);
                requireSame(frame.width(), frame.height());
                Place place = new Place(frame.left(), frame.top(), frame.ownWidth(), frame.ownHeight());
                draw(frame.rows(), place, 0xffffff, top, height, channels, row, sink);
            }
            case TIFF -> {
                TiffLayout layout = TiffLayout.of(file);
                PixelRows rows = read(file, format, layout.open(), reader -> {
                    BufferedImage image = reader.read(0, region(reader, top, height));
                    layout.sum(image.getRaster());
                    return PixelRows.of(image, extra, file);
                });
                send(rows, top, height, channels, row, sink);
            }
            default -> {
                PixelRows rows = read(
                        file,
                        format,
                        stream(file),
                        reader -> PixelRows.of(reader.read(0, region(reader, top, height)), false, file));
                send(rows, top, height, channels, row, sink);
            }
        }
    }

    private void decodeJpeg(int top, int height, int channels, byte[] row, RowSink sink) throws IOException {
        JpegHeader header = JpegHeader.read(file);
        requireSame(header.width(), header.height());
        if (Files.size(file) > MAXIMUM_BYTES) {
            throw new DataFormatException(
                    "%s is longer than the limit of %d bytes for a JPEG".formatted(file, MAXIMUM_BYTES));
        }
        byte[] pixels = header.pixelsOnly(Files.readAllBytes(file));
        PixelRows rows = read(file, format, new BytesInput(pixels), reader -> {
            ImageReadParam region = region(reader, top, height);
            return header.components() == INKS
                    ? PixelRows.ofJpegInks(reader.readRaster(0, region), header.transform() == 2)
                    : PixelRows.of(reader.read(0, region), false, file);
        });
        send(rows, top, height, channels, row, sink);
    }

    /** Returns the image on its screen. */
    private void decodeGif(int top, int height, int channels, byte[] row, RowSink sink) throws IOException {
        GifHeader header = GifHeader.read(file, true);
        requireSame(header.width(), header.height());
        BufferedImage image = read(file, format, stream(file), reader -> reader.read(0));
        Place place = new Place(header.left(), header.top(), image.getWidth(), image.getHeight());
        draw(PixelRows.of(image, false, file), place, header.background(), top, height, channels, row, sink);
    }

    /** The place of an image on its screen. */
    private record Place(int left, int top, int width, int height) {}

    /** @param background colour of the screen, as 0xRRGGBB */
    private void draw(
            PixelRows rows, Place place, int background, int top, int height, int channels, byte[] row, RowSink sink) {
        byte[] own = new byte[place.width * channels];
        for (int y = top; y < top + height; y++) {
            for (int x = 0; x < stored.width(); x++) {
                rows.put(
                        background >> 16 & WHITE,
                        background >> 8 & WHITE,
                        background & WHITE,
                        channels,
                        row,
                        x * channels);
            }
            if (y >= place.top && y < place.top + place.height) {
                rows.get(y - place.top, channels, own);
                System.arraycopy(own, 0, row, place.left * channels, own.length);
            }
            sink.row(y, row);
        }
    }

    private void requireSame(int width, int height) throws DataFormatException {
        if (width != stored.width() || height != stored.height()) {
            throw new DataFormatException(file + " has changed its size since it was opened");
        }
    }

    private ImageReadParam region(ImageReader reader, int top, int height) throws IOException {
        requireSame(reader.getWidth(0), reader.getHeight(0));
        ImageReadParam param = reader.getDefaultReadParam();
        if (height < stored.height()) {
            param.setSourceRegion(new Rectangle(0, top, stored.width(), height));
        }
        return param;
    }

    private static void send(PixelRows rows, int top, int height, int channels, byte[] row, RowSink sink) {
        for (int y = 0; y < height; y++) {
            rows.get(y, channels, row);
            sink.row(top + y, row);
        }
    }

    @FunctionalInterface
    interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static ImageInputStream stream(Path file) throws IOException {
        return ImageIO.createImageInputStream(file.toFile());
    }

    /** @param stream of the file or of its content, closed by this method */
    static <T> T read(Path file, PhotoFormat format, ImageInputStream stream, Reading<T> reading) throws IOException {
        String[] lost = new String[1];
        try (ImageInputStream in = stream) {
            ImageReader reader =
                    ImageIO.getImageReadersByFormatName(format.reader()).next();
            try {
                reader.setInput(in, false, true);
                // Without this check, a JPEG that ends too early is filled with gray.
                reader.addIIOReadWarningListener((IIOReadWarningListener) (source, warning) -> {
                    if (Arrays.stream(LOSSES).anyMatch(warning::contains)) {
                        lost[0] = warning;
                    }
                });
                T result = reading.from(reader);
                if (lost[0] != null) {
                    throw new DataFormatException("%s is damaged: %s".formatted(file, lost[0]));
                }
                return result;
            } finally {
                reader.dispose();
            }
        }
    }

    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    /** The decoders throw many kinds of exceptions for damaged files. */
    static <T> T guarded(Path file, Action<T> action) throws DataFormatException {
        try {
            return action.run();
        } catch (DataFormatException e) {
            throw e;
        } catch (AccessDeniedException e) {
            throw new DataFormatException(file + ": no permission", e);
        } catch (EOFException e) {
            throw new DataFormatException(file + " is damaged: it ends too early", e);
        } catch (IOException | RuntimeException e) {
            String said =
                    Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
            throw new DataFormatException("%s is damaged or cannot be read: %s".formatted(file, said), e);
        } catch (OutOfMemoryError e) {
            throw new DataFormatException(
                    file + " needs more Java heap for decoding than is available: set HEDDLE_JAVA_OPTS=-Xmx2g", e);
        }
    }
}
