package io.heddle.data.photo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** The formats of photos, recognized by their first bytes. */
enum PhotoFormat {
    JPEG("jpeg"),
    PNG("png"),
    GIF("gif"),
    BMP("bmp"),
    TIFF("tiff"),
    WEBP("webp"),
    /** Formats that Heddle recognizes but does not read. */
    HEIC("HEIC"),
    AVIF("AVIF"),
    UNKNOWN("");

    /** The supported formats, for messages. */
    static final String READ = "JPEG, PNG, WebP, GIF, BMP and TIFF";

    private static final Set<String> ENDINGS =
            Set.of("jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "dib", "tif", "tiff", "webp");
    private static final int START = 12;

    private final String reader;

    PhotoFormat(String reader) {
        this.reader = reader;
    }

    /** Name of the format in ImageIO, or in messages if Heddle does not read it. */
    String reader() {
        return reader;
    }

    boolean isRead() {
        return ordinal() <= WEBP.ordinal();
    }

    /** Whether parts of the rows can be decoded without the whole image in memory. */
    boolean inPieces() {
        return this == JPEG || this == PNG || this == BMP;
    }

    /** Returns whether a name has the extension of a supported format. */
    static boolean hasEnding(Path file) {
        return ENDINGS.contains(ending(file));
    }

    /** Returns the extension in lower case, without the dot; empty if there is none. */
    static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).equals(name)
                ? ""
                : name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    static PhotoFormat of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(START));
        }
    }

    static PhotoFormat of(byte[] start) {
        String s = new String(start, StandardCharsets.ISO_8859_1);
        if (s.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        }
        if (s.startsWith("\u0089PNG")) {
            return PNG;
        }
        if (s.startsWith("GIF87a") || s.startsWith("GIF89a")) {
            return GIF;
        }
        if (s.startsWith("II*\0") || s.startsWith("MM\0*")) {
            return TIFF;
        }
        if (s.startsWith("RIFF") && s.startsWith("WEBP", 8)) {
            return WEBP;
        }
        // Text may start like this too, but has no zeros.
        if (s.startsWith("BM") && s.startsWith("\0\0\0\0", 6)) {
            return BMP;
        }
        if (s.startsWith("ftyp", 4)) {
            return s.startsWith("avi", 8) ? AVIF : s.startsWith("he", 8) || s.startsWith("mif", 8) ? HEIC : UNKNOWN;
        }
        return UNKNOWN;
    }
}
