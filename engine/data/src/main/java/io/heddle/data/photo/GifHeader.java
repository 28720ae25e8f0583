package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The header of a GIF file up to the first image, which may be smaller than the screen.
 *
 * @param width of the screen
 * @param height of the screen
 * @param left horizontal offset of the first image
 * @param top vertical offset of the first image
 * @param background background colour of the screen, as 0xRRGGBB
 * @param animated whether more images follow
 */
record GifHeader(int width, int height, int left, int top, int background, boolean animated) {
    private static final int WHITE = 0xffffff;
    private static final int SIGNATURE = 6;
    private static final int IMAGE = 0x2c;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int HAS_COLOURS = 0x80;

    /**
     * @param codes whether to check the codes of the pixels
     * @throws DataFormatException if the header or, if checked, a code is damaged
     */
    static GifHeader read(Path file, boolean codes) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            return read(in, codes, file);
        } catch (EOFException e) {
            throw new DataFormatException(file + " is damaged: it ends within its header", e);
        }
    }

    private static GifHeader read(DataInputStream in, boolean codes, Path file) throws IOException {
        in.skipNBytes(SIGNATURE);
        int width = little(in);
        int height = little(in);
        int flags = in.readUnsignedByte();
        in.skipNBytes(2);
        // As in Pillow, the first colour.
        int background = colours(in, flags);
        boolean transparent = false;
        int block = in.readUnsignedByte();
        while (block == EXTENSION) {
            if (in.readUnsignedByte() == GRAPHIC_CONTROL) {
                byte[] control = in.readNBytes(in.readUnsignedByte());
                transparent = control.length > 0 && (control[0] & 1) != 0;
            }
            skipBlocks(in);
            block = in.readUnsignedByte();
        }
        if (block != IMAGE) {
            throw new DataFormatException(file + " is damaged: it has no image");
        }
        int left = little(in);
        int top = little(in);
        int ownWidth = little(in);
        int ownHeight = little(in);
        colours(in, in.readUnsignedByte());
        if (codes) {
            GifCodes.require(in, (long) ownWidth * ownHeight, file);
        }
        boolean animated = follows(in, codes);
        // Some programs declare a screen that is too small; it is then enlarged.
        return new GifHeader(
                Math.max(width, left + ownWidth),
                Math.max(height, top + ownHeight),
                left,
                top,
                transparent ? WHITE : background,
                animated);
    }

    /**
     * Returns whether another image follows the first, of which the codes may have been read. Returns false if the file
     * is cut short.
     */
    private static boolean follows(DataInputStream in, boolean read) throws IOException {
        try {
            if (!read) {
                in.readUnsignedByte();
                skipBlocks(in);
            }
            int block = in.readUnsignedByte();
            while (block == EXTENSION) {
                in.readUnsignedByte();
                skipBlocks(in);
                block = in.readUnsignedByte();
            }
            return block == IMAGE;
        } catch (EOFException e) {
            return false;
        }
    }

    private static int colours(DataInputStream in, int flags) throws IOException {
        if ((flags & HAS_COLOURS) == 0) {
            return 0;
        }
        int first = in.readUnsignedByte() << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
        in.skipNBytes(3L * ((2 << (flags & 7)) - 1));
        return first;
    }

    private static void skipBlocks(DataInputStream in) throws IOException {
        for (int length = in.readUnsignedByte(); length > 0; length = in.readUnsignedByte()) {
            in.skipNBytes(length);
        }
    }

    private static int little(DataInputStream in) throws IOException {
        return in.readUnsignedByte() | in.readUnsignedByte() << 8;
    }
}
