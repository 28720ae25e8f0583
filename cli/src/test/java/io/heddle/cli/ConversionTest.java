package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.ImageSize;
import io.heddle.data.Labels;
import io.heddle.data.array.Dtype;
import io.heddle.data.array.NpyWriter;
import io.heddle.matrix.FloatMatrix;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that files of {@code data convert} have the same content when they are read again. */
class ConversionTest {
    @TempDir
    Path folder;

    /** Values as doubles, and the class name of each row. */
    private record Content(List<double[]> rows, List<String> labels) {
        /** The values with the digits that distinguish them, NaN included. */
        String text() {
            return Arrays.deepToString(rows.toArray());
        }

        static Content of(Path file, DataOptions options) throws IOException {
            try (DataSource data = DataSource.open(file.toString(), options, line -> {})) {
                List<double[]> rows = new ArrayList<>();
                for (long i = 0; i < data.rows(); i++) {
                    double[] row = new double[data.columns()];
                    if (data.table().isPresent()) {
                        data.table().get().getRow(i, row);
                    } else {
                        data.readDoubles(i, i + 1, row);
                    }
                    rows.add(row);
                }
                List<String> labels = new ArrayList<>();
                if (data.labels().isPresent()) {
                    Labels own = data.labels().get();
                    for (int label : own.values()) {
                        labels.add(own.classNames().get(label));
                    }
                }
                return new Content(rows, labels);
            }
        }
    }

    private static void convert(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "data";
        all[1] = "convert";
        System.arraycopy(words, 0, all, 2, words.length);
        Invocation heddle = Invocation.of(all);
        assertThat(heddle.code()).as(heddle.err()).isZero();
    }

    private static String refusal(Object... words) {
        Object[] all = new Object[words.length + 2];
        all[0] = "data";
        all[1] = "convert";
        System.arraycopy(words, 0, all, 2, words.length);
        Invocation heddle = Invocation.of(all);
        assertThat(heddle.code()).isEqualTo(2);
        return heddle.err();
    }

    private Path archive(String name, Dtype dtype, long[] shape, double[][] rows, List<String> labels)
            throws IOException {
        Path file = folder.resolve(name);
        List<String> classes = labels.stream().distinct().toList();
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("x.npy"));
            NpyWriter.header(dtype, shape, zip);
            for (int i = 0; i < rows.length; i++) {
                NpyWriter.row(rows[i], dtype, i, zip);
            }
            if (!labels.isEmpty()) {
                zip.putNextEntry(new ZipEntry("y.npy"));
                NpyWriter.write(labels.stream().mapToInt(classes::indexOf).toArray(), zip);
                zip.putNextEntry(new ZipEntry("classes.json"));
                zip.write(("[\"" + String.join("\",\"", classes) + "\"]").getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private static double[][] drawn(Dtype dtype, int rows, int columns) {
        SplittableRandom random = new SplittableRandom(3);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, j -> switch (dtype) {
                case UINT8 -> random.nextInt(256);
                case FLOAT32 -> (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-30, 30)));
                default -> (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-200, 200));
            });
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "UINT8, npy",
        "UINT8, npz",
        "UINT8, csv",
        "UINT8, tsv",
        "FLOAT32, npy",
        "FLOAT32, npz",
        "FLOAT32, csv",
        "FLOAT64, npy",
        "FLOAT64, npz",
        "FLOAT64, csv",
        "FLOAT64, tsv"
    })
    void valuesAndLabelsAreReadBack(Dtype dtype, String ending) throws IOException {
        double[][] rows = drawn(dtype, 17, 5);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            labels.add(
                    List.of("oak", "007", "T-shirt/top, red", "7", "12345678901", "a;b|c\tz", "\u00e4sp \ud83c\udf33")
                            .get(i % 7)
                            .replace("\t", " "));
        }
        Path from = archive("from.npz", dtype, new long[] {17, 5}, rows, labels);
        Path to = folder.resolve("to." + ending);
        convert(from, to);
        boolean text = ending.endsWith("sv");
        DataOptions options = DataOptions.defaults().withScale(1);
        Content back = Content.of(to, text ? options.withLabel("label") : options);

        assertThat(back.rows).hasSize(rows.length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < rows[i].length; j++) {
                double value = back.rows.get(i)[j];
                assertThat(dtype == Dtype.FLOAT32 ? (float) value : value).isEqualTo(rows[i][j]);
            }
        }
        assertThat(back.labels).isEqualTo(ending.equals("npy") ? List.of() : labels);
    }

    /** The same data give the same bytes at any time. */
    @Test
    void anArchiveDoesNotDependOnTheTime() throws IOException {
        Path from = archive(
                "from.npz", Dtype.UINT8, new long[] {3, 5}, drawn(Dtype.UINT8, 3, 5), List.of("oak", "elm", "oak"));
        Path to = folder.resolve("to.npz");
        convert(from, to);
        try (ZipFile zip = new ZipFile(to.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getTimeLocal))
                    .hasSize(3)
                    .containsOnly(LocalDateTime.of(1980, 1, 1, 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-,a?,a--2,A-",
                "train,test",
                ".hidden,@eaDir,__MACOSX",
                "con,nul.txt,end.,end ,end",
                "..,.",
                "Bag,bag,BAG"
            })
    void classesThatAreNotFolderNamesAreReadBack(String names) throws IOException {
        List<String> classes = List.of(names.split(","));
        List<String> labels = new ArrayList<>(classes);
        labels.addAll(classes);
        double[][] rows = drawn(Dtype.UINT8, labels.size(), 12);
        Path from = archive("from.npz", Dtype.UINT8, new long[] {labels.size(), 4, 3}, rows, labels);
        Path to = folder.resolve("photos");
        convert(from, to);
        Content back = Content.of(to, DataOptions.defaults().withScale(1));

        assertThat(back.labels).containsExactlyInAnyOrderElementsOf(labels);
        for (int i = 0; i < labels.size(); i++) {
            double[] row = rows[i];
            List<String> found = new ArrayList<>();
            for (int k = 0; k < back.rows.size(); k++) {
                if (Arrays.equals(back.rows.get(k), row)) {
                    found.add(back.labels.get(k));
                }
            }
            assertThat(found).containsExactly(labels.get(i));
        }
    }

    /** Three classes whose names differ in the decimals only. */
    @Test
    void threeClassesAreReadBackAsThree() throws Exception {
        Path merge = Path.of("../engine/data/src/test/resources/io/heddle/data/array/merge.npz");
        Path to = folder.resolve("photos");
        convert(merge, to);

        assertThat(Content.of(to, DataOptions.defaults()).labels)
                .containsExactlyInAnyOrderElementsOf(Content.of(merge, DataOptions.defaults()).labels);
        assertThat(Files.readString(to.resolve("classes.json"))).isEqualTo("{\"a--3\":\"a?\"}");
    }

    private Path photos(int width, int height) throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos-" + width));
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 3; i++) {
            BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            for (int p = 0; p < width * height; p++) {
                image.setRGB(p % width, p / width, random.nextInt(1 << 24));
            }
            ImageIO.write(image, "png", photos.resolve(i + ".png").toFile());
        }
        return photos;
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.npy", "x.npz", "x.csv", "again"})
    void resizedPhotosAreWholeBytesInEveryFormat(String name) throws IOException {
        Path photos = photos(13, 9);
        Path to = folder.resolve(name);
        convert(photos, to, "--resize", "5x4");
        DataOptions plain = DataOptions.defaults().withScale(1);
        Content direct = Content.of(photos, plain.withResize(new ImageSize(5, 4)));
        Content back = Content.of(to, plain);

        assertThat(back.rows).usingRecursiveComparison().isEqualTo(direct.rows);
        assertThat(Arrays.stream(direct.rows.getFirst()).boxed()).allMatch(v -> v == Math.rint(v));
        assertThat(Arrays.stream(direct.rows.getFirst()).boxed()).anyMatch(v -> v > 0 && v < 255);
    }

    @Test
    void scaledPhotosAreNotCut() throws IOException {
        Path photos = photos(3, 2);
        Path to = folder.resolve("x.csv");
        convert(photos, to, "--scale", "1/255");
        Content back = Content.of(to, DataOptions.defaults());
        try (DataSource data = DataSource.open(photos.toString(), DataOptions.defaults(), line -> {});
                FloatMatrix x = data.read()) {
            for (int j = 0; j < 18; j++) {
                assertThat((float) back.rows.get(2)[j]).isEqualTo(x.get(2, j));
            }
        }
    }

    @Test
    void saysThatAnArrayHasNoLabels() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), "a,kind\n1,x\n2,y\n");
        Path to = folder.resolve("t.npy");
        assertThat(Invocation.of("data", "convert", table, to, "--label", "kind")
                        .out())
                .contains("2 rows of 1 values; the labels are left out", ".npz holds them");
        assertThat(Invocation.of("data", "convert", table, to, "--label", "kind", "--json")
                        .out())
                .contains("\"labels\" : false", "\"classes\" : 0");
        assertThat(Invocation.of("data", "convert", table, to, "--drop", "kind").out())
                .doesNotContain("labels");
        assertThat(Invocation.of("data", "convert", table, folder.resolve("t.npz"), "--label", "kind", "--json")
                        .out())
                .contains("\"labels\" : true", "\"classes\" : 2");
    }

    @Test
    void tablesKeepTheirKinds() throws IOException {
        Path from = Files.writeString(
                folder.resolve("from.csv"),
                "day,price,colour,sold,at,kind\n2024-02-29,1.25,red,true,2024-01-01T12:00:01.5Z,a\n2024-03-01,,blue,false,2024-01-01T12:00:02Z,b\n2024-03-02,1e300,red,,2024-01-01T12:00:03Z,a\n");
        Path to = folder.resolve("to.tsv");
        convert(from, to, "--label", "kind");

        assertThat(Files.readString(to)).isEqualTo("""
                        day\tprice\tcolour\tsold\tat\tlabel
                        2024-02-29\t1.25\tred\ttrue\t2024-01-01T12:00:01.5Z\ta
                        2024-03-01\t\tblue\tfalse\t2024-01-01T12:00:02Z\tb
                        2024-03-02\t1e300\tred\t\t2024-01-01T12:00:03Z\ta
                        """);
        assertThat(Content.of(to, DataOptions.defaults().withLabel("label")).text())
                .isEqualTo(Content.of(from, DataOptions.defaults().withLabel("kind"))
                        .text());
        assertThat(refusal(from, folder.resolve("x.npy"), "--label", "kind"))
                .contains("columns that are not numeric, which arrays cannot contain: day, colour, at;");
    }

    @Test
    void namesThatWouldBeReadAsValuesAreChanged() throws IOException {
        Path from = Files.writeString(folder.resolve("from.csv"), "1,2,a\n3,4,b\n");
        Path to = folder.resolve("to.csv");
        convert(from, to, "--label", "3", "--header", "no");
        assertThat(Files.readString(to)).isEqualTo("x1,x2,label\n1,2,a\n3,4,b\n");

        Path taken = Files.writeString(folder.resolve("taken.csv"), "label,x,kind\n1,2,a\n3,4,b\n");
        Invocation heddle = Invocation.of("data", "convert", taken, folder.resolve("t.csv"), "--label", "kind");
        assertThat(heddle.out()).contains("with labels in column 'label_2'");
        assertThat(Content.of(folder.resolve("t.csv"), DataOptions.defaults().withLabel("label_2")).labels)
                .containsExactly("a", "b");
    }

    @Test
    void refusesDataThatCouldNotBeReadBack() throws IOException {
        Path missing =
                archive("na.npz", Dtype.FLOAT32, new long[] {2, 1}, new double[][] {{1}, {2}}, List.of("NA", " a"));
        assertThat(refusal(missing, folder.resolve("x.csv"))).contains("the class 'NA' would be read differently");
        Path infinite =
                archive("inf.npz", Dtype.FLOAT64, new long[] {2, 2}, new double[][] {{1, 2}, {3, 1 / 0.0}}, List.of());
        assertThat(refusal(infinite, folder.resolve("x.csv"))).contains("row 1, column 'x2' is infinite");
        assertThat(refusal(infinite, folder.resolve("photos"))).contains("image");
        assertThat(folder.resolve("x.csv")).doesNotExist();
    }

    @Test
    void missingValuesStayMissing() throws IOException {
        double[][] rows = {{1, Double.NaN}, {Double.NaN, 4}, {5, 6}};
        Path from = archive("nan.npz", Dtype.FLOAT64, new long[] {3, 2}, rows, List.of());
        for (String name : List.of("x.csv", "x.npy")) {
            convert(from, folder.resolve(name));
            assertThat(Content.of(folder.resolve(name), DataOptions.defaults()).text())
                    .isEqualTo(Arrays.deepToString(rows));
        }
        double[][] one = {{1}, {Double.NaN}, {3}};
        Path narrow = archive("one.npz", Dtype.FLOAT64, new long[] {3, 1}, one, List.of());
        convert(narrow, folder.resolve("one.csv"));
        assertThat(Content.of(folder.resolve("one.csv"), DataOptions.defaults()).text())
                .isEqualTo(Arrays.deepToString(one));
    }

    @Test
    void writesAndReadsTwentyThousandColumns() throws IOException {
        double[][] rows = drawn(Dtype.FLOAT32, 2, 20_000);
        Path from = archive("wide.npz", Dtype.FLOAT32, new long[] {2, 20_000}, rows, List.of("a", "b"));
        Path to = folder.resolve("wide.csv");
        convert(from, to);
        Content back = Content.of(to, DataOptions.defaults().withLabel("label"));

        assertThat(back.labels).containsExactly("a", "b");
        assertThat((float) back.rows.get(1)[19_999]).isEqualTo((float) rows[1][19_999]);
    }

    /** Text that conversion to a number would change: zeros, exponents, digits, signs. */
    @Test
    void textIsReadBackUnchanged() throws IOException {
        String text = """
                zip,code,big,x,when,ok
                002,1e5,9007199254740993,1.50,2024-01-01 12:00,True
                010,2e3,12345678901234567890,+2,2024-01-02 12:00,False
                """;
        Path from = Files.writeString(folder.resolve("from.csv"), text);
        Path to = folder.resolve("to.csv");
        convert(from, to);
        assertThat(Files.readString(to)).isEqualTo(text);
        Files.writeString(from, "x;kind\n1,50;a\n0,25;NA\nNA;b\n2,0;a\n");
        convert(from, to, "--label", "kind", "--missing-label", "drop-rows");
        assertThat(Files.readString(to)).isEqualTo("x,label\n1.50,a\n,b\n2.0,a\n");
    }

    @Test
    void digitsBeyondDoublesAreKeptOrRefused() throws IOException {
        Path from = Files.writeString(folder.resolve("from.csv"), "id,x\n9007199254740993,1\n2,2\n");
        Path to = folder.resolve("to.npy");
        Invocation refused = Invocation.of("data", "convert", from, to);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("row 0, column 'id' holds a whole number above 2^53", "--drop");
        assertThat(to).doesNotExist();
    }

    /** The leading zero that makes a column text can be in a row that is not written. */
    @Test
    void namesTextThatWillBeReadBackAsNumbers() throws IOException {
        Path from = Files.writeString(folder.resolve("from.csv"), "zip,day,n\n12,2024-01-02,1\n34,,2\n007,soon,3\n");
        Path to = folder.resolve("to.csv");
        Invocation some = Invocation.of("data", "convert", from, to, "--limit", 2);
        assertThat(some.code()).as(some.err()).isZero();
        assertThat(some.err())
                .contains("the text in column 'zip' will be read as numbers")
                .contains("--one-hot zip")
                .contains("the text in column 'day' will be read as dates")
                .doesNotContain("column 'n'");
        Invocation all = Invocation.of("data", "convert", from, to);
        assertThat(all.err()).doesNotContain("read back");
        assertThat(Files.readString(to)).contains("007");
    }
}
