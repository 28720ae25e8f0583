package io.heddle.data.photo;

import io.heddle.files.DataFormatException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The header of a JPEG file, interpreted as by libjpeg.
 *
 * @param width stored width in pixels
 * @param height stored height in pixels
 * @param components components per pixel: 1, 3 or 4
 * @param transform colour transform by Adobe's number: 0 for RGB or CMYK, 1 for YCbCr, 2 for YCCK
 * @param segments segments that affect the pixels, up to the first scan
 * @param scan offset of the first scan in bytes
 */
record JpegHeader(int width, int height, int components, int transform, List<Segment> segments, long scan) {
    private static final int START = 0xd8;
    private static final int START_OF_SCAN = 0xda;
    private static final int COMMENT = 0xfe;
    private static final int FIRST_APPLICATION = 0xe0;
    private static final int LAST_APPLICATION = 0xef;
    private static final int ADOBE = 0xee;
    private static final int FIRST_RESTART = 0xd0;
    private static final int LAST_RESTART = 0xd7;
    private static final int BASELINE = 0xc0;
    private static final int EXTENDED = 0xc1;
    private static final int PROGRESSIVE = 0xc2;
    private static final int LAST_FRAME = 0xcf;
    private static final int HUFFMAN_TABLES = 0xc4;
    private static final int EXTENSIONS = 0xc8;
    private static final int ARITHMETIC_TABLES = 0xcc;
    private static final int ADOBE_LENGTH = 12;
    private static final int SAMPLE_BITS = 8;

    /** A segment of the file. */
    record Segment(long from, int length) {}

    static JpegHeader read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new Scan(in, file).header();
        } catch (EOFException e) {
            throw new DataFormatException(file + " is damaged: it ends within its header", e);
        }
    }

    /**
     * Returns the file without the segments that do not affect the pixels: colour profiles, previews and comments,
     * which cause errors in decoders. The colour transform is declared explicitly.
     */
    byte[] pixelsOnly(byte[] file) {
        int kept = segments.stream().mapToInt(Segment::length).sum();
        int rest = file.length - (int) scan;
        byte[] adobe = {
            (byte) 0xff,
            (byte) START,
            (byte) 0xff,
            (byte) ADOBE,
            0,
            14,
            'A',
            'd',
            'o',
            'b',
            'e',
            0,
            100,
            0,
            0,
            0,
            0,
            (byte) transform
        };
        // Gray images have no such segment, and decoders do not expect one.
        int start = components == 1 ? 2 : adobe.length;
        byte[] out = new byte[start + kept + rest];
        System.arraycopy(adobe, 0, out, 0, start);
        int at = start;
        for (Segment segment : segments) {
            System.arraycopy(file, (int) segment.from(), out, at, segment.length());
            at += segment.length();
        }
        System.arraycopy(file, (int) scan, out, at, rest);
        return out;
    }

    /** Reads the segments. */
    private static final class Scan {
        private final DataInputStream in;
        private final Path file;
        private final List<Segment> segments = new ArrayList<>();
        private long position;
        private int width;
        private int height;
        private byte[] ids = {};
        private boolean jfif;
        private int adobe = -1;

        Scan(InputStream in, Path file) {
            this.in = new DataInputStream(in);
            this.file = file;
        }

        JpegHeader header() throws IOException {
            in.readUnsignedShort();
            position = 2;
            while (true) {
                int marker = nextMarker();
                if (marker == START_OF_SCAN) {
                    if (ids.length == 0) {
                        throw new DataFormatException(file + " is damaged: it has no frame before its first scan");
                    }
                    return new JpegHeader(width, height, ids.length, transform(), segments, position - 2);
                }
                if (marker == START || marker == 1 || marker >= FIRST_RESTART && marker <= LAST_RESTART) {
                    continue;
                }
                segment(marker);
            }
        }

        /** Bytes before a marker are skipped, as libjpeg does. */
        private int nextMarker() throws IOException {
            int b = next();
            while (true) {
                while (b != 0xff) {
                    b = next();
                }
                while (b == 0xff) {
                    b = next();
                }
                if (b != 0) {
                    return b;
                }
            }
        }

        private int next() throws IOException {
            position++;
            return in.readUnsignedByte();
        }

        private void segment(int marker) throws IOException {
            long start = position - 2;
            int length = in.readUnsignedShort() - 2;
            if (length < 0) {
                throw new DataFormatException(file + " is damaged: a segment of its header has no length");
            }
            byte[] content = in.readNBytes(length);
            if (content.length < length) {
                throw new EOFException();
            }
            position += 2 + length;
            boolean application = marker >= FIRST_APPLICATION && marker <= LAST_APPLICATION;
            if (application) {
                jfif |= marker == FIRST_APPLICATION && startsWith(content, "JFIF\0");
                if (marker == ADOBE && content.length >= ADOBE_LENGTH && startsWith(content, "Adobe")) {
                    adobe = Byte.toUnsignedInt(content[ADOBE_LENGTH - 1]);
                }
            } else if (marker != COMMENT) {
                segments.add(new Segment(start, (int) (position - start)));
            }
            if (marker >= BASELINE
                    && marker <= LAST_FRAME
                    && marker != HUFFMAN_TABLES
                    && marker != EXTENSIONS
                    && marker != ARITHMETIC_TABLES) {
                frame(marker, content);
            }
        }

        private void frame(int marker, byte[] content) throws DataFormatException {
            if (marker != BASELINE && marker != EXTENDED && marker != PROGRESSIVE) {
                throw new DataFormatException(
                        "%s is a JPEG with the unsupported frame type %d; Heddle reads baseline and progressive ones"
                                .formatted(file, marker - BASELINE));
            }
            if (content.length < 6 || content.length < 6 + 3 * Byte.toUnsignedInt(content[5])) {
                throw new DataFormatException(file + " is damaged: its frame is cut short");
            }
            if (content[0] != SAMPLE_BITS) {
                throw new DataFormatException(
                        "%s has samples of %d bits; Heddle reads JPEGs of 8".formatted(file, content[0]));
            }
            height = Byte.toUnsignedInt(content[1]) << 8 | Byte.toUnsignedInt(content[2]);
            width = Byte.toUnsignedInt(content[3]) << 8 | Byte.toUnsignedInt(content[4]);
            ids = new byte[content[5]];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = content[6 + 3 * i];
            }
            if (width == 0 || height == 0 || ids.length != 1 && ids.length != 3 && ids.length != 4) {
                throw new DataFormatException("%s declares %d x %d pixels of %d components, which is not a photo"
                        .formatted(file, width, height, ids.length));
            }
        }

        /** Follows the rules of libjpeg, which most programs use. */
        private int transform() {
            if (ids.length == 4) {
                return adobe < 0 || adobe == 0 ? 0 : 2;
            }
            if (jfif) {
                return 1;
            }
            return adobe == 0 || adobe < 0 && ids.length == 3 && ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B'
                    ? 0
                    : 1;
        }

        private static boolean startsWith(byte[] content, String word) {
            if (content.length < word.length()) {
                return false;
            }
            for (int i = 0; i < word.length(); i++) {
                if (content[i] != word.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
