package io.heddle.data.csv;

import com.github.luben.zstd.ZstdInputStream;
import io.heddle.files.DataFormatException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The text of a file, which may be compressed with gzip, zip or zstd. It can be read several times. Only a buffer of it
 * is in memory.
 */
public final class TextFile {
    private static final int BUFFER = 1 << 16;
    private static final int START = 1 << 12;

    private final Path path;
    private final String name;
    private final Charset charset;
    private final boolean chosen;
    private final int mark;

    /**
     * Opens a file and detects its encoding.
     *
     * @param name name of the file in error messages
     * @param encoding encoding of the text, if it is known; otherwise UTF-8
     * @throws DataFormatException if the file is not text, or is in UTF-16 or UTF-32 without the option for it
     */
    public TextFile(Path path, String name, Optional<Charset> encoding) throws IOException {
        this.path = path;
        this.name = name;
        this.charset = encoding.orElse(StandardCharsets.UTF_8);
        this.chosen = encoding.isPresent();
        byte[] start;
        try (InputStream in = unpacked()) {
            start = in.readNBytes(START);
        }
        if (!chosen) {
            requireUtf8(start);
        }
        this.mark = mark(start);
    }

    /**
     * Returns the number of bytes of the byte-order mark, if the decoder does not skip it. Java's decoders of UTF-16
     * and UTF-32 do.
     */
    private int mark(byte[] start) {
        return switch (charset.name()) {
            case "UTF-8" -> startsWith(start, 0xef, 0xbb, 0xbf) ? 3 : 0;
            case "UTF-16LE" -> startsWith(start, 0xff, 0xfe) ? 2 : 0;
            case "UTF-16BE" -> startsWith(start, 0xfe, 0xff) ? 2 : 0;
            default -> 0;
        };
    }

    /** Returns the name of the file in messages. */
    String name() {
        return name;
    }

    /** Returns the characters after a byte-order mark. Invalid bytes are an error. */
    Reader open() throws IOException {
        InputStream in = unpacked();
        in.skipNBytes(mark);
        return new StrictReader(in, charset);
    }

    /** Returns the bytes of the text. */
    private InputStream unpacked() throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        try {
            in.mark(4);
            byte[] start = in.readNBytes(4);
            in.reset();
            if (isGzip(start)) {
                return new Unpacking(new GZIPInputStream(in, BUFFER));
            }
            if (isZstd(start)) {
                return new Unpacking(new ZstdInputStream(in));
            }
            return isZip(start) ? new Unpacking(entry(new ZipInputStream(in))) : in;
        } catch (DataFormatException e) {
            in.close();
            throw e;
        } catch (IOException | RuntimeException e) {
            in.close();
            throw damaged(e);
        }
    }

    private DataFormatException damaged(Exception e) {
        return new DataFormatException("%s cannot be decompressed: %s".formatted(name, e.getMessage()), e);
    }

    /** Reports damaged compressed bytes in one sentence. */
    private final class Unpacking extends FilterInputStream {
        Unpacking(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw damaged(e);
            }
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            try {
                return super.read(to, offset, length);
            } catch (IOException e) {
                throw damaged(e);
            }
        }
    }

    /** Returns the only file in an archive, ignoring folders and the files that macOS adds. */
    private InputStream entry(ZipInputStream zip) throws IOException {
        int files = 0;
        try (ZipInputStream all = new ZipInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER))) {
            for (ZipEntry e = all.getNextEntry(); e != null; e = all.getNextEntry()) {
                files += isFile(e) ? 1 : 0;
            }
        }
        if (files != 1) {
            throw new DataFormatException(
                    "%s contains %d files; a compressed table must be an archive of one file".formatted(name, files));
        }
        ZipEntry e = zip.getNextEntry();
        while (!isFile(e)) {
            e = zip.getNextEntry();
        }
        return zip;
    }

    /** Returns whether an entry is a file of the user. */
    static boolean isFile(ZipEntry entry) {
        String name = entry.getName();
        return !entry.isDirectory() && !name.startsWith("__MACOSX/") && !name.endsWith(".DS_Store");
    }

    private void requireUtf8(byte[] start) throws DataFormatException {
        String other = startsWith(start, 0xff, 0xfe, 0, 0) || startsWith(start, 0, 0, 0xfe, 0xff)
                ? "UTF-32"
                : startsWith(start, 0xff, 0xfe) || startsWith(start, 0xfe, 0xff) || everySecondIsZero(start)
                        ? "UTF-16"
                        : null;
        if (other != null) {
            throw new DataFormatException("%s is text in %s, not in UTF-8; --encoding %s reads it"
                    .formatted(name, other, encodingFor(other, start).toLowerCase(Locale.ROOT)));
        }
        for (int i = 0; i < start.length; i++) {
            if (start[i] == 0) {
                throw new DataFormatException("%s is not text: byte %d is zero".formatted(name, i));
            }
        }
    }

    private static String encodingFor(String other, byte[] start) {
        boolean marked = startsWith(start, 0xff, 0xfe) || startsWith(start, 0xfe, 0xff) || other.equals("UTF-32");
        return marked ? other : other + (start[0] == 0 ? "BE" : "LE");
    }

    /** Detects UTF-16 without a byte-order mark, if the text is ASCII. */
    private static boolean everySecondIsZero(byte[] start) {
        int pairs = start.length / 2;
        int left = 0;
        int right = 0;
        for (int i = 0; i < pairs; i++) {
            left += start[2 * i] == 0 ? 1 : 0;
            right += start[2 * i + 1] == 0 ? 1 : 0;
        }
        return pairs >= 2 && Math.max(left, right) > 0.7 * pairs && Math.min(left, right) < 0.1 * pairs;
    }

    /** Returns the exception for bytes that are invalid in this encoding. */
    DataFormatException notText(StrictReader.MalformedBytes e) throws IOException {
        long line = 1;
        char last = 0;
        char[] buffer = new char[1 << 13];
        try (Reader reader = open()) {
            for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    line += buffer[i] == '\n' && last != '\r' || buffer[i] == '\r' ? 1 : 0;
                    last = buffer[i];
                }
            }
        } catch (StrictReader.MalformedBytes again) {
            // The invalid bytes are reached; the lines before them are counted.
        }
        return new DataFormatException(
                "%s, line %d holds %s, which is not valid %s; %s"
                        .formatted(
                                name,
                                line,
                                e.bytes(),
                                charset.name(),
                                chosen
                                        ? "--encoding must name another"
                                        : "--encoding windows-1252 (or the encoding of the file) reads it"),
                e);
    }

    static boolean isGzip(byte[] start) {
        return startsWith(start, 0x1f, 0x8b);
    }

    static boolean isZip(byte[] start) {
        return startsWith(start, 'P', 'K', 3, 4);
    }

    static boolean isZstd(byte[] start) {
        return startsWith(start, 0x28, 0xb5, 0x2f, 0xfd);
    }

    static boolean startsWith(byte[] start, int... bytes) {
        if (start.length < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (Byte.toUnsignedInt(start[i]) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
