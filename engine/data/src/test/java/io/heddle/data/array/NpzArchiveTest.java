package io.heddle.data.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.Labels;
import io.heddle.data.MissingLabel;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzArchiveTest {
    private static final DataOptions PLAIN = DataOptions.defaults();

    @TempDir
    Path folder;

    private static DataSource open(Path path) throws IOException {
        return DataSource.open(path.toString(), PLAIN, line -> {});
    }

    private static byte[] floats(int rows, int columns) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FloatMatrix x = FloatMatrix.allocate(rows, columns)) {
            NpyWriter.write(x, out);
        }
        return out.toByteArray();
    }

    /** Texts of at most {@code length} characters in NumPy's format {@code U}. */
    private static byte[] texts(int length, String... texts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String header = "{'descr': '<U%d', 'fortran_order': False, 'shape': (%d, 1), }".formatted(length, texts.length);
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        out.write(header.getBytes(StandardCharsets.US_ASCII));
        for (String text : texts) {
            for (int i = 0; i < length; i++) {
                int c = i < text.length() ? text.charAt(i) : 0;
                out.write(new byte[] {(byte) c, (byte) (c >> 8), 0, 0});
            }
        }
        return out.toByteArray();
    }

    private Path archive(Map<String, byte[]> entries, boolean packed) throws IOException {
        Path file = folder.resolve("a.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> e : new TreeMap<>(entries).entrySet()) {
                ZipEntry entry = new ZipEntry(e.getKey());
                if (!packed) {
                    CRC32 crc = new CRC32();
                    crc.update(e.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(e.getValue().length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(e.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan", "NA", "None", " "})
    void refusesMissingLabels(String missing) throws IOException {
        byte[] labels = texts(4, "oak", missing, "ash");
        Path packed = archive(Map.of("x.npy", floats(3, 2), "y.npy", labels), true);
        assertThatThrownBy(() -> open(packed))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("a.npz, array y: the label of row 1 ");
        Path alone = Files.write(folder.resolve("y.npy"), labels);
        Path values = Files.write(folder.resolve("x.npy"), floats(3, 2));
        assertThatThrownBy(() -> DataSource.open(values.toString(), PLAIN.withLabels(alone), line -> {}))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("y.npy: the label of row 1 ");
        ColumnRoles roles = ColumnRoles.none().withMissingLabel(MissingLabel.TEXT);
        if (missing.isBlank()) {
            assertThatThrownBy(() -> DataSource.open(packed.toString(), PLAIN.withRoles(roles), line -> {}))
                    .hasMessageContaining("the label of row 1 is empty");
        } else {
            try (DataSource data = DataSource.open(packed.toString(), PLAIN.withRoles(roles), line -> {})) {
                assertThat(data.labels().orElseThrow().classNames()).containsExactlyInAnyOrder("ash", missing, "oak");
            }
        }
    }

    /** New rows may have no labels, because prediction does not need them. */
    @Test
    void doesNotUseLabelsThatAreOptionalAndMissing() throws IOException {
        Path file = archive(Map.of("x.npy", floats(3, 2), "y.npy", texts(4, "oak", "nan", "ash")), true);
        List<String> notes = new ArrayList<>();
        DataOptions options = PLAIN.withRoles(ColumnRoles.none().withOptional(true));
        try (DataSource data = DataSource.open(file.toString(), options, notes::add)) {
            assertThat(data.rows()).isEqualTo(3);
            assertThat(data.labels()).isEmpty();
        }
        assertThat(notes).singleElement().asString().contains("1 of 3 rows have no label, so the labels are not used");
    }

    @Test
    void readsLabelsThatAreTextInAColumn() throws IOException {
        Path file = archive(Map.of("x.npy", floats(3, 2), "y.npy", texts(4, "oak", "\u00e4sp", "oak")), true);
        try (DataSource data = open(file)) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("oak", "\u00e4sp");
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 1, 0);
        }
    }

    @Test
    void readsHighlyCompressedZeros() throws IOException {
        Path file = archive(Map.of("x.npy", floats(4000, 1000)), true);
        assertThat(Files.size(file)).isLessThan(20_000);
        try (DataSource data = open(file);
                FloatMatrix x = data.read(3999, 4000)) {
            assertThat(x.get(0, 999)).isZero();
        }
    }

    /** A file of 116 bytes that declares a billion elements. */
    @Test
    void allocatesNoMemoryForSizesBeyondTheFile() throws URISyntaxException {
        Path lie = Path.of(NpzArchiveTest.class.getResource("lie1g.npz").toURI());
        assertThatThrownBy(() -> open(lie))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("declares 4294967040 packed bytes of 1000000000, but the file has 116");
    }

    @Test
    void refusesArchivesWithoutArrays() throws IOException {
        Path photos = archive(Map.of("a.png", new byte[8]), true);
        assertThatThrownBy(() -> open(photos)).hasMessageContaining("an archive without arrays");
        Path workbook = archive(Map.of("xl/workbook.xml", new byte[8]), true);
        assertThatThrownBy(() -> open(workbook)).hasMessageContaining("saved as CSV");
    }

    /** The directory at the end of the archive refers to data beyond the end. */
    @Test
    void refusesAnEntryOutsideTheFile() throws IOException {
        Path file = archive(Map.of("x.npy", floats(3, 2)), true);
        byte[] bytes = Files.readAllBytes(file);
        int directory = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 6);
        int offset = directory + 42;
        bytes[offset] = 1;
        bytes[offset + 2] = 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageEndingWith("a.npz, array x cannot be decompressed: its data are not in the file");
    }

    /** An entry that would decompress to more than its header declares is not decompressed. */
    @Test
    void checksTheHeaderBeforeDecompression() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        NpyWriter.header(Dtype.FLOAT32, new long[] {1, 1}, bomb);
        bomb.write(new byte[50 << 20]);
        Path file = archive(Map.of("x.npy", bomb.toByteArray()), true);
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("declares 1 x 1 elements of type float32 and so 4 bytes, but holds 52428800");
    }

    @Test
    void detectsASingleChangedBit() throws IOException {
        Path file = archive(Map.of("x.npy", floats(3, 2)), false);
        byte[] content = Files.readAllBytes(file);
        // The last zero, before the directory of the archive.
        int directory = new String(content, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        content[directory - 1] ^= 1;
        Files.write(file, content);
        assertThatThrownBy(() -> open(file))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("a.npz, array x is damaged: its checksum does not match");
    }

    private static byte[] booleans(int... values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.header(Dtype.BOOL, new long[] {values.length}, out);
        for (int value : values) {
            out.write(value);
        }
        return out.toByteArray();
    }

    @Test
    void booleanLabelsAreTrueAndFalse() throws IOException {
        Path file = archive(Map.of("x.npy", floats(3, 2), "y.npy", booleans(1, 0, 1)), true);
        try (DataSource data = open(file)) {
            Labels labels = data.labels().orElseThrow();
            assertThat(labels.classNames()).containsExactly("false", "true");
            assertThat(labels.values()).containsExactly(1, 0, 1);
            assertThat(labels.alignedTo(List.of("0", "1"), "a").values())
                    .as("classes of an older model")
                    .containsExactly(1, 0, 1);
            assertThat(labels.unknownTo(List.of("0", "1"))).isEmpty();
            assertThat(labels.unknownTo(List.of("0", "1", "2"))).containsExactly("false", "true");
        }
        byte[] names = "[\"no\",\"yes\"]".getBytes(StandardCharsets.UTF_8);
        archive(Map.of("x.npy", floats(3, 2), "y.npy", booleans(1, 0, 1), "classes.json", names), true);
        try (DataSource data = open(file)) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("no", "yes");
        }
        archive(Map.of("x.npy", floats(3, 2)), true);
        Path own = Files.write(folder.resolve("own.npy"), booleans(0, 1, 1));
        try (DataSource data = DataSource.open(file.toString(), PLAIN.withLabels(own), line -> {})) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("false", "true");
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 1, 1);
        }
    }

    @Test
    void optionalLabelsMayHaveAnotherNameOrBeMissing() throws IOException {
        DataOptions named = PLAIN.withLabel("kind");
        DataOptions optional = named.withRoles(ColumnRoles.none().withOptional(true));
        List<String> notes = new ArrayList<>();
        Path file = archive(Map.of("x.npy", floats(2, 3)), true);

        try (DataSource data = DataSource.open(file.toString(), optional, notes::add)) {
            assertThat(data.labels()).isEmpty();
        }
        assertThatThrownBy(() -> DataSource.open(file.toString(), named, notes::add))
                .hasMessageContaining("has no array 'kind'; it holds x");
        archive(Map.of("x.npy", floats(2, 3), "y.npy", texts(3, "owl", "cat")), true);
        try (DataSource data = DataSource.open(file.toString(), optional, notes::add)) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("cat", "owl");
        }
        assertThat(notes)
                .containsExactly(
                        file + " has no array 'kind', so it is read without labels",
                        file + " has no array 'kind', so its array 'y' is read as the labels");
    }
}
