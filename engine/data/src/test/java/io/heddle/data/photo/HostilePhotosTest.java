package io.heddle.data.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.heddle.data.ImageShape;
import io.heddle.files.DataFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests files that are made to exhaust the reader, and files that may not be read. */
class HostilePhotosTest {
    private static final int SIDE = 4;
    private static final int VALUE = 16;
    /** Length of an expanded text, whose compressed form has 64 kB. */
    private static final int BOMB = 64 << 20;
    /** A small part of {@link #BOMB}, and a multiple of what a small photo needs. */
    private static final long ALLOWED = 8 << 20;

    private static final int TIFF_ENTRIES = 9;
    private static final int TIFF_NEXT = 8 + 2 + 12 * TIFF_ENTRIES;
    private static final int TIFF_PIXELS = TIFF_NEXT + 4;
    private static final int TIFF_SECOND = TIFF_PIXELS + SIDE * SIDE;
    private static final int TIFF_LENGTH = TIFF_SECOND + 2 + 12 + 4;

    @TempDir
    Path folder;

    private static byte[] deflated(byte[] start, int zeros) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED))) {
            deflater.write(start);
            byte[] block = new byte[1 << 16];
            for (int left = zeros; left > 0; left -= block.length) {
                deflater.write(block, 0, Math.min(left, block.length));
            }
        }
        return out.toByteArray();
    }

    private static byte[] chunk(String type, byte[] content) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(content);
        return ByteBuffer.allocate(content.length + 12)
                .putInt(content.length)
                .put(name)
                .put(content)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** The start of a colour profile whose only entry is at the end of {@link #BOMB}. */
    private static byte[] profile() {
        ByteBuffer header = ByteBuffer.allocate(144).putInt(0, BOMB).putInt(128, 1);
        return header.putInt(132, 0x64657363)
                .putInt(136, BOMB - 64)
                .putInt(140, 64)
                .array();
    }

    /** A chunk whose content expands to {@link #BOMB} bytes. */
    private static byte[] bomb(String type) throws IOException {
        String start =
                switch (type) {
                    case "zTXt", "iCCP" -> "key\0\0";
                    case "iTXt" -> "key\0\1\0\0\0";
                    default -> throw new IllegalArgumentException(type);
                };
        return chunk(
                type,
                joined(
                        start.getBytes(StandardCharsets.US_ASCII),
                        deflated(type.equals("iCCP") ? profile() : new byte[0], BOMB)));
    }

    /** A PNG of black pixels: gray, or with a palette, which the JDK reads in another way. */
    private static byte[] png(boolean palette, int height, byte[] before, byte[] after) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(SIDE).putInt(height);
        header.put((byte) 8).put((byte) (palette ? 3 : 0));
        return joined(
                new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'},
                chunk("IHDR", header.array()),
                before,
                palette ? chunk("PLTE", new byte[3]) : new byte[0],
                chunk("IDAT", deflated(new byte[0], (SIDE + 1) * height)),
                after,
                chunk("IEND", new byte[0]));
    }

    /** EXIF data of one entry: the orientation 6, which exchanges rows and columns. */
    private static byte[] turned() {
        ByteBuffer exif = ByteBuffer.allocate(26).put("MM".getBytes(StandardCharsets.US_ASCII));
        exif.putShort((short) 42).putInt(8).putShort((short) 1);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) 6);
        return exif.array();
    }

    /** A gray TIFF of one image, with room for a second directory of one entry. */
    private static byte[] tiff(ByteOrder order, int next, int secondEntries) {
        ByteBuffer out = ByteBuffer.allocate(TIFF_LENGTH).order(order);
        out.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
        out.putShort((short) 42).putInt(8).putShort((short) TIFF_ENTRIES);
        int[][] entries = {
            {256, SIDE}, {257, SIDE}, {258, 8}, {259, 1}, {262, 1}, {273, TIFF_PIXELS}, {277, 1}, {278, SIDE}, {279, 16}
        };
        for (int[] entry : entries) {
            out.putShort((short) entry[0]).putShort((short) 3).putInt(1);
            out.putShort((short) entry[1]).putShort((short) 0);
        }
        out.putInt(next);
        for (int i = 0; i < SIDE * SIDE; i++) {
            out.put((byte) VALUE);
        }
        out.putShort((short) secondEntries);
        return out.array();
    }

    private Photo write(String name, byte[] content) throws IOException {
        return Photo.open(Files.write(folder.resolve(name), content));
    }

    private static List<byte[]> rows(Photo photo) throws IOException {
        List<byte[]> rows = new ArrayList<>();
        photo.decode(1, (y, row) -> rows.add(row.clone()));
        return rows;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @ParameterizedTest
    @CsvSource({
        "zTXt,false",
        "zTXt,true",
        "iTXt,false",
        "iTXt,true",
        "iCCP,false",
        "iCCP,true",
    })
    void compressedChunksOfPngAreNotExpanded(String type, boolean palette) throws IOException {
        rows(write("plain.png", png(palette, SIDE, new byte[0], new byte[0])));
        byte[] after = type.equals("iCCP") ? new byte[0] : bomb(type);
        Path file = Files.write(folder.resolve("bomb.png"), png(palette, SIDE, bomb(type), after));
        long before = allocated();
        List<byte[]> rows = rows(Photo.open(file));

        assertThat(allocated() - before).isLessThan(ALLOWED);
        assertThat(rows).hasSize(SIDE).containsOnly(new byte[SIDE]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOrientationOfPngIsFoundBesideOtherChunks(boolean last) throws IOException {
        byte[] chunks = joined(bomb("zTXt"), chunk("eXIf", turned()));
        byte[] none = new byte[0];
        Photo photo = write("turned.png", png(false, SIDE + 3, last ? none : chunks, last ? chunks : none));

        assertThat(photo.shape()).isEqualTo(new ImageShape(SIDE + 3, SIDE, 1));
    }

    @Test
    void aPngThatEndsWithinAChunkIsRefused() throws IOException {
        byte[] whole = png(false, SIDE, chunk("eXIf", turned()), new byte[0]);
        for (int length : new int[] {8, 12, 40, 60}) {
            byte[] cut = ByteBuffer.allocate(length).put(whole, 0, length).array();
            assertThatThrownBy(() -> rows(write("cut.png", cut)))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("cut.png is damaged");
        }
    }

    @ParameterizedTest
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ValueSource(strings = {"LITTLE_ENDIAN", "BIG_ENDIAN"})
    void aChainOfTiffDirectoriesWithoutEndIsNotFollowed(String order) throws IOException {
        ByteOrder bytes = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Photo itself = write("itself.tif", tiff(bytes, 8, 0));
        byte[] two = tiff(bytes, TIFF_SECOND, 1);
        // The second directory refers to the first.
        ByteBuffer.wrap(two).order(bytes).putInt(TIFF_LENGTH - 4, 8);
        Photo eachOther = write("other.tif", two);

        assertThat(itself.several()).isFalse();
        assertThat(eachOther.several()).isTrue();
        for (Photo photo : List.of(itself, eachOther)) {
            assertThat(rows(photo)).hasSize(SIDE).containsOnly(new byte[] {VALUE, VALUE, VALUE, VALUE});
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,false", // the first is the last
        TIFF_SECOND + ",1,true",
        TIFF_SECOND + ",0,false", // empty
        TIFF_SECOND + ",2,false", // longer than the file
        TIFF_LENGTH + ",1,false", // at the end of the file
        "-1,1,false", // 4 GB
    })
    void onlyAWholeSecondDirectoryIsASecondImage(int next, int entries, boolean several) throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            assertThat(write("a.tif", tiff(order, next, entries)).several()).isEqualTo(several);
        }
    }

    @Test
    void aPhotoWithoutPermissionIsNotCalledDamaged() {
        Path file = folder.resolve("a.png");
        assertThatThrownBy(() -> Photo.guarded(file, () -> {
                    throw new AccessDeniedException(file.toString());
                }))
                .isInstanceOf(DataFormatException.class)
                .hasMessage(file + ": no permission");
    }

    @Test
    void anUnreadableFileIsNotCalledDamaged() throws IOException {
        Path file = Files.write(folder.resolve("a.png"), png(false, SIDE, new byte[0], new byte[0]));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "root reads all files");

        assertThatThrownBy(() -> Photo.open(file)).hasMessage(file + ": no permission");
    }
}
