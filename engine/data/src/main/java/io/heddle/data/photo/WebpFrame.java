package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The first image of a WebP file and its place on the canvas. ImageIO's reader decodes lossy images only: it applies
 * colour profiles, takes some kinds of transparency for opaque, and ignores the canvas of animations.
 *
 * @param width of the canvas
 * @param height of the canvas
 * @param ownWidth of the image
 * @param ownHeight of the image
 * @param several whether more images follow
 * @param bytes of the file
 * @param image the chunk of the pixels
 * @param transparency the chunk of the transparency of a lossy image; null if it is opaque
 */
record WebpFrame(
        Path file,
        int width,
        int height,
        int left,
        int top,
        int ownWidth,
        int ownHeight,
        boolean several,
        byte[] bytes,
        Chunk image,
        Chunk transparency) {
    private static final int NAME = 4;
    private static final int CHUNK_HEADER = 8;
    /** Bytes of the file's header: {@code RIFF}, the length and {@code WEBP}. */
    private static final int FILE_HEADER = 12;

    private static final int ANIMATION_HEADER = 16;
    private static final int KEY_FRAME = 0x2a019d;
    private static final int SIDE = 0x3fff;
    private static final int BYTE = 255;

    /** A chunk of the file; its content is between the offsets. */
    record Chunk(String name, int from, int end) {}

    /** Reads the file and finds the chunks of its first image. */
    static WebpFrame of(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < FILE_HEADER || CHUNK_HEADER + length(bytes, 0) > bytes.length) {
            throw new EOFException();
        }
        // Some programs append other bytes.
        int end = (int) (CHUNK_HEADER + length(bytes, 0));
        Chunk canvas = null;
        Chunk place = null;
        Chunk image = null;
        Chunk transparency = null;
        int images = 0;
        Chunk next;
        for (int at = FILE_HEADER; at + CHUNK_HEADER <= end; at = next.end + (next.end & 1)) {
            next = chunk(bytes, at, end);
            switch (next.name) {
                case "VP8X" -> canvas = next;
                case "ALPH" -> transparency = transparency == null && image == null ? next : transparency;
                case "VP8 ", "VP8L" -> image = image == null ? next : image;
                case "ANMF" -> {
                    images++;
                    place = place == null ? next : place;
                }
                default -> {
                    // Metadata and profiles are not pixels.
                }
            }
        }
        if (place != null) {
            int at = place.from + ANIMATION_HEADER;
            transparency = null;
            for (image = null; image == null && at + CHUNK_HEADER <= place.end; ) {
                Chunk own = chunk(bytes, at, place.end);
                transparency = own.name.equals("ALPH") ? own : transparency;
                image = own.name.startsWith("VP8") ? own : null;
                at = own.end + (own.end & 1);
            }
        }
        if (image == null) {
            throw damaged(file, "it has no image");
        }
        return of(file, bytes, canvas, place, image, transparency, images > 1);
    }

    private static WebpFrame of(
            Path file, byte[] bytes, Chunk canvas, Chunk place, Chunk image, Chunk transparency, boolean several)
            throws IOException {
        boolean lossless = image.name.equals("VP8L");
        int size = little(bytes, image.from + (lossless ? 1 : 6), 4, image.end);
        if (!lossless && little(bytes, image.from + 3, 3, image.end) != KEY_FRAME) {
            throw damaged(file, "its image has no header");
        }
        int ownWidth = lossless ? (size & SIDE) + 1 : size & SIDE;
        int ownHeight = lossless ? (size >> 14 & SIDE) + 1 : size >> 16 & SIDE;
        int width = canvas == null ? ownWidth : 1 + little(bytes, canvas.from + 4, 3, canvas.end);
        int height = canvas == null ? ownHeight : 1 + little(bytes, canvas.from + 7, 3, canvas.end);
        int left = place == null ? 0 : 2 * little(bytes, place.from, 3, place.end);
        int top = place == null ? 0 : 2 * little(bytes, place.from + 3, 3, place.end);
        boolean fits = place == null
                ? width == ownWidth && height == ownHeight
                : left + ownWidth <= width && top + ownHeight <= height;
        if (!fits) {
            throw damaged(file, "its image is not as large as the canvas");
        }
        return new WebpFrame(
                file,
                width,
                height,
                left,
                top,
                ownWidth,
                ownHeight,
                several,
                bytes,
                image,
                lossless ? null : transparency);
    }

    private static Chunk chunk(byte[] bytes, int at, int end) throws EOFException {
        long length = length(bytes, at);
        if (at + CHUNK_HEADER + length > end) {
            throw new EOFException();
        }
        int from = at + CHUNK_HEADER;
        return new Chunk(new String(bytes, at, NAME, StandardCharsets.ISO_8859_1), from, from + (int) length);
    }

    /** Returns the declared length of the file or of a chunk. */
    private static long length(byte[] bytes, int at) {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at + NAME));
    }

    private static int little(byte[] bytes, int at, int count, int end) throws EOFException {
        if (at + count > end) {
            throw new EOFException();
        }
        int value = 0;
        for (int i = 0; i < count; i++) {
            value |= (bytes[at + i] & BYTE) << Byte.SIZE * i;
        }
        return value;
    }

    private static DataFormatException damaged(Path file, String reason) {
        return new DataFormatException("%s is damaged: %s".formatted(file, reason));
    }

    /** Decodes the image. */
    PixelRows rows() throws IOException {
        if (image.name.equals("VP8L")) {
            return PixelRows.ofPixels(LosslessWebp.image(bytes, image.from, image.end, ownWidth, ownHeight), ownWidth);
        }
        BufferedImage lossy = Photo.read(file, PhotoFormat.WEBP, new BytesInput(plain()), reader -> reader.read(0));
        if (lossy.getWidth() != ownWidth || lossy.getHeight() != ownHeight) {
            throw damaged(file, "its image has another size");
        }
        if (transparency == null) {
            return PixelRows.of(lossy, false, file);
        }
        int[] pixels = lossy.getRGB(0, 0, ownWidth, ownHeight, null, 0, ownWidth);
        byte[] alpha = alpha();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixels[i] & 0xffffff | alpha[i] << 24;
        }
        return PixelRows.ofPixels(pixels, ownWidth);
    }

    /** Returns a file with only the chunk of the lossy image. */
    private byte[] plain() {
        int length = image.end - image.from;
        return ByteBuffer.allocate(FILE_HEADER + CHUNK_HEADER + length + (length & 1))
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(NAME + CHUNK_HEADER + length + (length & 1))
                .put("WEBPVP8 ".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(length)
                .put(bytes, image.from, length)
                .array();
    }

    private byte[] alpha() throws IOException {
        int count = ownWidth * ownHeight;
        int flags = little(bytes, transparency.from, 1, transparency.end);
        int from = transparency.from + 1;
        byte[] alpha = new byte[count];
        switch (flags & 3) {
            case 0 -> {
                if (transparency.end - from < count) {
                    throw new EOFException();
                }
                alpha = Arrays.copyOfRange(bytes, from, from + count);
            }
            case 1 -> {
                int[] pixels = LosslessWebp.transparency(bytes, from, transparency.end, ownWidth, ownHeight);
                for (int i = 0; i < count; i++) {
                    alpha[i] = (byte) (pixels[i] >> Byte.SIZE);
                }
            }
            default -> throw damaged(file, "its transparency has an unknown compression");
        }
        int filter = flags >> 2 & 3;
        for (int i = 1; filter > 0 && i < count; i++) {
            int left = i % ownWidth == 0 ? -1 : alpha[i - 1] & BYTE;
            int above = i < ownWidth ? -1 : alpha[i - ownWidth] & BYTE;
            int predicted =
                    switch (filter) {
                        case 1 -> left < 0 ? above : left;
                        case 2 -> above < 0 ? left : above;
                        default ->
                            left < 0
                                    ? above
                                    : above < 0
                                            ? left
                                            : Math.clamp(left + above - (alpha[i - ownWidth - 1] & BYTE), 0, BYTE);
                    };
            alpha[i] += (byte) predicted;
        }
        return alpha;
    }
}
