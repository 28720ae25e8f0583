package io.heddle.data.photo;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Finds the EXIF data of a PNG file. All other chunks are skipped, not read: a compressed text (zTXt, iTXt) or colour
 * profile (iCCP) of one megabyte can expand to a gigabyte. The decoder of the pixels skips compressed texts too, and
 * does not expand profiles.
 */
final class PngExif {
    /** Maximum length of a chunk that is read: libpng's default limit. */
    private static final int MAXIMUM_BYTES = 8_000_000;

    private static final int SIGNATURE = 8;
    private static final int CHECKSUM = 4;
    /** The type eXIf. */
    private static final int EXIF = 0x65584966;
    /** The type IEND. */
    private static final int END = 0x49454e44;

    private PngExif() {}

    /** Returns the content of the first eXIf chunk; empty if there is none before the file ends or is damaged. */
    static byte[] read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            in.skipNBytes(SIGNATURE);
            while (true) {
                int length = in.readInt();
                int type = in.readInt();
                if (length < 0 || type == END) {
                    return new byte[0];
                }
                if (type == EXIF && length <= MAXIMUM_BYTES) {
                    return in.readNBytes(length);
                }
                in.skipNBytes((long) length + CHECKSUM);
            }
        } catch (EOFException e) {
            // The decoder of the pixels reports a better message.
            return new byte[0];
        }
    }
}
