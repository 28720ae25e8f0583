package io.heddle.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.rows.ClassNames;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads tables of every format. src/test/python/make_tables.py writes the files of NumPy and PyArrow. */
class DataSourceTest {
    private static final DataOptions PLAIN = DataOptions.defaults();

    @TempDir
    Path folder;

    private static Path resource(String name) {
        try {
            return Path.of(DataSourceTest.class
                    .getResource((name.endsWith(".npz") ? "array/" : "parquet/") + name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DataSource open(Path path, DataOptions options) throws IOException {
        return DataSource.open(path.toString(), options, line -> {
            throw new AssertionError("nothing is left out or doubtful here: " + line);
        });
    }

    private Path text(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static float[] row(FloatMatrix m, long i) {
        float[] row = new float[m.columns()];
        m.getRow(i, row);
        return row;
    }

    @Test
    void readsTableWithHeaderQuotesAndLabels() throws IOException {
        Path file = text("flowers.csv", """
                "sepal, length",petal,"the ""kind"\""
                5.1, 3.5 ,setosa
                -1e-3,+4,"virginica"

                .5,6.,setosa
                """);
        try (DataSource data = open(file, PLAIN.withLabel("the \"kind\""));
                FloatMatrix x = data.read()) {
            assertThat(data.name()).isEqualTo("flowers.csv");
            assertThat(data.dtype()).isEqualTo("text");
            assertThat(data.columnNames()).containsExactly("sepal, length", "petal");
            assertThat(data.rows()).isEqualTo(3);
            assertThat(row(x, 0)).containsExactly(5.1f, 3.5f);
            assertThat(row(x, 1)).containsExactly(-1e-3f, 4);
            assertThat(row(x, 2)).containsExactly(0.5f, 6);
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("setosa", "virginica");
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 1, 0);
            assertThat(data.images()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {"a.tsv!\t", "b.csv!;", "c.csv!|", "d.txt!,"},
            ignoreLeadingAndTrailingWhitespace = false)
    void findsTheSeparatorAndWhetherThereIsAHeader(String name, String separator) throws IOException {
        Path bare = text(name, "1,2,3\n4,5,6\n".replace(",", separator));
        Path headed = text("headed-" + name, "\uFEFFx,y,z\r\n1,2,3\r\n".replace(",", separator));
        try (DataSource data = open(bare, PLAIN.withLabel("3"));
                DataSource named = open(headed, PLAIN.withDrop(List.of("y")).withScale(10))) {
            assertThat(data.rows()).isEqualTo(2);
            assertThat(data.columnNames()).containsExactly("1", "2");
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("3", "6");
            assertThat(named.columnNames()).containsExactly("x", "z");
            try (FloatMatrix x = named.read()) {
                assertThat(row(x, 0)).containsExactly(10, 30);
            }
        }
    }

    @Test
    void sortsLabelsThatAreNumbersAsNumbers() throws IOException {
        Path file = text("t.csv", "v,y\n1,10\n2,9\n3,-2\n4,10\n");
        try (DataSource data = open(file, PLAIN.withLabel("y"))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("-2", "9", "10");
            assertThat(data.labels().orElseThrow().values()).containsExactly(2, 1, 0, 2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a,b\\n1,2\\n3\\n             ! line 3 has 1 field where line 1 has 2",
                "a,b\\n1,2\\n\\n3,4,5\\n       ! line 4 has 3 fields where line 1 has 2",
                "a,b\\n1,\"x\\ny\"\\n2,3,4\\n  ! line 4 has 3 fields where line 1 has 2",
                "a,b\\n1,\"2\\n\"\\n2,3,4\\n   ! line 4 has 3 fields",
                "a,b\\n                        ! holds no rows",
                "''                            ! holds no rows",
                "a,b\\n1,\"2\\n                ! record starting at line 2",
                "a,b\\n1,\"2\"3\\n             ! cannot be read as a table",
            })
    void namesTheFirstBadLine(String content, String says) throws IOException {
        Path file = text("bad.csv", content.replace("\\n", "\n"));

        assertThatThrownBy(() -> open(file, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(says);
    }

    @Test
    void namesAMissingColumnAndTheExistingOnes() throws IOException {
        Path file = text("t.csv", "Price,weight\n1,2\n");

        assertThatThrownBy(() -> open(file, PLAIN.withLabel("colour")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(file + " has no column 'colour'; its columns are Price, weight");
        assertThatThrownBy(() -> open(file, PLAIN.withLabel("price"))).hasMessageContaining("did you mean 'Price'?");
        assertThatThrownBy(() -> open(file, PLAIN.withLabel("wieght"))).hasMessageContaining("did you mean 'weight'?");
        assertThatThrownBy(() -> open(file, PLAIN.withDrop(List.of("Price", "weight"))))
                .hasMessageContaining("no column of values left");
    }

    @Test
    void refusesTextThatIsNotUtf8() throws IOException {
        Path file =
                Files.write(folder.resolve("latin.csv"), "a,b\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> open(file, PLAIN.withLabel("b"))).isInstanceOf(DataFormatException.class);
    }

    @Test
    void readsLabelsFromAFileBeside() throws IOException {
        Path file = text("t.csv", "a,b\n1,2\n3,4\n5,6\n");
        Path bare = text("bare.txt", "red\nblue\nred\n");
        Path headed = text("headed.csv", "Label\nred\nblue\nred\n");
        Path wide = text("wide.csv", "id,colour\n1,red\n2,blue\n3,red\n");
        Path numbers = text("numbers.txt", "7\n2\n7\n");
        for (Path labels : List.of(bare, headed)) {
            try (DataSource data = open(file, PLAIN.withLabels(labels))) {
                assertThat(data.labels().orElseThrow().classNames()).containsExactly("blue", "red");
                assertThat(data.labels().orElseThrow().values()).containsExactly(1, 0, 1);
                assertThat(data.columns()).isEqualTo(2);
            }
        }
        List<String> notes = new ArrayList<>();
        DataOptions column = PLAIN.withLabels(wide).withLabel("colour");
        try (DataSource data = DataSource.open(file.toString(), column, notes::add);
                DataSource other = open(file, PLAIN.withLabels(numbers))) {
            assertThat(data.labels().orElseThrow().values()).containsExactly(1, 0, 1);
            assertThat(other.labels().orElseThrow().classNames()).containsExactly("2", "7");
        }
        assertThat(notes).singleElement().asString().contains("ignores the column id");
        Path shorter = text("shorter.txt", "red\nblue\n");
        assertThatThrownBy(() -> open(file, PLAIN.withLabels(shorter)))
                .hasMessage("t.csv has 3 rows, but there are 2 labels");
    }

    @ParameterizedTest
    @CsvSource({"plain.npz, float64", "packed.npz, float32"})
    void readsArchivesOfNumpy(String name, String dtype) throws IOException {
        try (DataSource data = open(resource(name), PLAIN);
                FloatMatrix x = data.read();
                FloatMatrix part = data.read(5, 7)) {
            assertThat(data.dtype()).isEqualTo(dtype);
            assertThat(x.rows()).isEqualTo(7);
            assertThat(row(x, 6)).containsExactly(60, 61, 62);
            assertThat(row(part, 0)).containsExactly(50, 51, 52);
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("2", "5", "9");
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 1, 0, 2, 1, 0, 2);
        }
    }

    @Test
    void asksForTheNameOfTheArray() throws IOException {
        assertThatThrownBy(() -> open(resource("two.npz"), PLAIN)).hasMessageContaining("left, right; --array");
        assertThatThrownBy(() -> open(resource("two.npz"), PLAIN.withArray("middle")))
                .hasMessageContaining("has no array 'middle'");
        assertThatThrownBy(() -> open(resource("objects.npz"), PLAIN)).hasMessageContaining("never unpickles");
        try (DataSource data = open(resource("two.npz"), PLAIN.withArray("right"));
                FloatMatrix x = data.read()) {
            assertThat(x.get(0, 0)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1} | is not a JSON list of names",
                "[\"a\",null] | has a class without a name",
                "[\"a\"] | has the label",
            })
    void namesOfClassesThatDoNotFitAreRefused(String names, String message) throws IOException {
        Path named = folder.resolve("named.npz");
        try (ZipFile from = new ZipFile(resource("plain.npz").toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(named))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                from.getInputStream(entry).transferTo(to);
            }
            to.putNextEntry(new ZipEntry(ClassNames.ENTRY));
            to.write(names.getBytes(StandardCharsets.UTF_8));
        }

        assertThatThrownBy(() -> open(named, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesADamagedArchive() throws IOException {
        byte[] whole = Files.readAllBytes(resource("packed.npz"));
        for (int length = 5; length < whole.length; length += 41) {
            Path cut = Files.write(folder.resolve("cut.npz"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> open(cut, PLAIN))
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("cut.npz");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "zstd", "gzip"})
    void readsParquet(String packing) throws IOException {
        try (DataSource data = open(resource(packing + ".parquet"), PLAIN.withLabel("tree"));
                FloatMatrix x = data.read()) {
            assertThat(data.columnNames()).containsExactly("whole", "long", "single", "double", "flag");
            assertThat(data.dtype()).isEqualTo("float64");
            assertThat(x.rows()).isEqualTo(7);
            for (int i = 0; i < 7; i++) {
                assertThat(row(x, i)).containsExactly(10 * i, 10 * i + 1, 10 * i + 2, 10 * i + 3, i % 2 == 0 ? 1 : 0);
            }
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("ash", "elm", "oak");
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 2, 1, 0, 2, 1, 0);
        }
    }

    @Test
    void refusesParquetWithoutATable() throws IOException {
        try (DataSource text = open(resource("none.parquet"), PLAIN);
                DataSource empty = open(resource("nulls.parquet"), PLAIN)) {
            assertThatThrownBy(text::read).hasMessageContaining("columns that are not numeric: tree");
            assertThatThrownBy(empty::read).hasMessageContaining("row 1, column 'a' is empty");
        }
        byte[] whole = Files.readAllBytes(resource("snappy.parquet"));
        for (int length : new int[] {4, 9, 100, whole.length / 2, whole.length - 1}) {
            Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> open(cut, PLAIN.withLabel("tree")))
                    .as("%d bytes", length)
                    .isInstanceOf(DataFormatException.class)
                    .hasMessageContaining("cut.parquet");
        }
    }

    @Test
    void pairsIdxImagesWithTheLabelsBesideThem() throws IOException {
        try (var images = new DataOutputStream(
                        new GZIPOutputStream(Files.newOutputStream(folder.resolve("shop-images-idx3-ubyte.gz"))));
                var labels = new DataOutputStream(Files.newOutputStream(folder.resolve("shop-labels-idx1-ubyte")))) {
            images.writeInt(0x803);
            images.writeInt(2);
            images.writeInt(3);
            images.writeInt(2);
            images.write(new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255, 1, 2, 3, 4, 5, 6});
            labels.writeInt(0x801);
            labels.writeInt(2);
            labels.write(new byte[] {4, 1});
        }
        Path file = folder.resolve("shop-images-idx3-ubyte.gz");
        Path unpacked = folder.resolve("shop-images-idx3-ubyte");
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            Files.copy(in, unpacked);
        }
        try (DataSource mapped = open(unpacked, PLAIN);
                DataMatrix bytes = mapped.matrix();
                FloatMatrix read = mapped.read(1, 2)) {
            assertThat(bytes).isInstanceOf(ByteMatrix.class);
            assertThat(bytes.get(0, 5)).isEqualTo(1);
            assertThat(read.get(0, 3)).isEqualTo(4 / 255f);
            assertThat(mapped.images()).contains(new ImageShape(2, 3, 1));
            assertThat(mapped.labels().orElseThrow().classNames()).containsExactly("1", "4");
        }
        try (DataSource data = open(file, PLAIN);
                FloatMatrix x = data.read();
                DataSource raw = open(file, PLAIN.withScale(1));
                FloatMatrix bytes = raw.read()) {
            assertThat(data.images()).contains(new ImageShape(2, 3, 1));
            assertThat(data.dtype()).isEqualTo("uint8");
            assertThat(x.get(0, 5)).isEqualTo(1);
            assertThat(bytes.get(0, 5)).isEqualTo(255);
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("1", "4");
            assertThat(data.sha256()).matches("[0-9a-f]{64}").isEqualTo(raw.sha256());
        }
    }

    @Test
    void saysWhatIsWrongWithTheFileName() throws IOException {
        Path photo = Files.write(folder.resolve("one.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        Path unknown = Files.write(folder.resolve("thing.xyz"), new byte[] {1, 2, 3, 4});

        assertThatThrownBy(() -> open(folder.resolve("none.csv"), PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("there is no file or folder " + folder.resolve("none.csv"));
        assertThatThrownBy(() -> open(photo, PLAIN)).hasMessageContaining("a single photo");
        assertThatThrownBy(() -> open(unknown, PLAIN)).hasMessageContaining("no supported format");
        assertThatThrownBy(() -> open(Path.of(unknown + ":test"), PLAIN))
                .hasMessageContaining("parts train, test and all");
        assertThatThrownBy(() -> open(resource("plain.npz"), PLAIN.withImageSize(new ImageSize(5, 5))))
                .hasMessageContaining("5x5");
        assertThatThrownBy(() -> PLAIN.withScale(0)).hasMessageContaining("other than 0");
    }

    @Test
    void alignsLabelsWithTheClassesOfAModel() throws IOException {
        Labels labels = Labels.ofNames(List.of("oak", "ash", "oak"));

        assertThat(labels.alignedTo(List.of("elm", "oak", "ash"), "t").values()).containsExactly(1, 2, 1);
        assertThat(Labels.ofIntegers(new long[] {2, 0})
                        .alignedTo(List.of("elm", "oak", "ash"), "t")
                        .values())
                .containsExactly(2, 0);
        assertThatThrownBy(() -> labels.alignedTo(List.of("elm", "oak"), "trees.csv"))
                .isInstanceOf(DataFormatException.class)
                .hasMessage("trees.csv: row 1 has the label 'ash', which is not one of elm, oak");
    }
}
