package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.heddle.data.ColumnRoles;
import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.TextOptions;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the interpretation of the text of a table: kinds of columns, names, encodings, decimal marks. */
class CsvTableTest {
    private static final DataOptions PLAIN = DataOptions.defaults();

    @TempDir
    Path folder;

    private final List<String> notes = new ArrayList<>();

    private Path text(String content) throws IOException {
        return Files.writeString(folder.resolve("t.csv"), content);
    }

    private DataSource open(Path path, DataOptions options) throws IOException {
        return DataSource.open(path.toString(), options, notes::add);
    }

    private DataSource open(String content) throws IOException {
        return open(text(content), PLAIN);
    }

    private static Table table(DataSource data) throws IOException {
        return data.table().orElseThrow();
    }

    private static double[] column(DataSource data, int j) throws IOException {
        Table table = table(data);
        return IntStream.range(0, (int) table.rows())
                .mapToDouble(i -> table.value(i, j))
                .toArray();
    }

    private void assertRefused(String content, DataOptions options, String... says) throws IOException {
        Path file = text(content);
        assertThatThrownBy(() -> open(file, options).close())
                .isInstanceOfAny(DataFormatException.class, InvalidInputException.class)
                .message()
                .contains(says)
                .contains(file.toString())
                .doesNotContain("\n");
    }

    @Test
    void columnsHaveTheKindOfTheirFields() throws IOException {
        try (DataSource data = open("""
                time,x,day,when,sure,good,kind,nothing
                1700000000.25,0,2024-02-29,2024-02-29T12:00:01.5Z,true,yes,a,
                ?,NA,null,2024-02-29 12:00,FALSE,No,None,NaN
                1700001200,-inf,1969-12-31,2024-02-29,N/A,yes,b,
                """)) {
            assertThat(table(data).columns())
                    .containsExactly(
                            Column.number("time"),
                            Column.number("x"),
                            Column.of("day", Column.Kind.DATE),
                            Column.of("when", Column.Kind.TIMESTAMP),
                            Column.of("sure", Column.Kind.BOOLEAN),
                            Column.of("good", Column.Kind.BOOLEAN),
                            Column.category("kind", List.of("a", "b")),
                            Column.number("nothing"));
            assertThat(column(data, 0)).containsExactly(1700000000.25, Double.NaN, 1700001200);
            assertThat(column(data, 1)).containsExactly(0, Double.NaN, Double.NEGATIVE_INFINITY);
            assertThat(column(data, 2)).containsExactly(19782, Double.NaN, -1);
            assertThat(column(data, 3)).containsExactly(1709208001.5, 1709208000, 1709164800);
            assertThat(column(data, 4)).containsExactly(1, 0, Double.NaN);
            assertThat(column(data, 5)).containsExactly(1, 0, 1);
            assertThat(column(data, 6)).containsExactly(0, Double.NaN, 1);
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("column 'kind': 1 fields such as 'None' are read as missing");
    }

    /** If text follows many numbers, the file is read again, and the numbers keep their original text. */
    @Test
    void textAfterManyNumbersMakesAColumnOfText() throws IOException {
        int rows = 10_000;
        String content = IntStream.range(0, rows)
                .mapToObj(i -> "%d.50,%d,2024-01-0%d".formatted(i % 10, i, 1 + i % 9))
                .collect(Collectors.joining("\n", "a,b,c\n", "\nmany,7,2024-01-01T00:00:30\n"));
        try (DataSource data = open(content)) {
            assertThat(data.rows()).isEqualTo(rows + 1);
            Column a = table(data).columns().getFirst();
            assertThat(a.categories()).hasSize(11).startsWith("0.50", "1.50").endsWith("9.50", "many");
            assertThat(column(data, 0)[rows]).isEqualTo(10);
            assertThat(column(data, 0)[rows - 1]).isEqualTo(9);
            assertThat(column(data, 1)[rows - 1]).isEqualTo(rows - 1);
            assertThat(table(data).columns().get(2).kind()).isEqualTo(Column.Kind.TIMESTAMP);
            assertThat(column(data, 2)[1]).isEqualTo(column(data, 2)[rows] - 30 + 86_400);
        }
        assertThat(notes).singleElement().asString().contains("'a' is read as text: it holds 'many' beside numbers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "x,y\\n1,2\\n                            ! x,y   ! 1",
                "0,1,2\\n5.1,3.5,1.4\\n4.9,3,1.4\\n      ! 0,1,2 ! 2",
                "0,1,label\\n5.1,3.5,a\\n4.9,3.1,b\\n    ! 0,1,label ! 2",
                "0,1,label\\n5,3,a\\n4,3,b\\n            ! 0,1,label ! 2",
                "5.1,3.5,a\\n4.9,3,b\\n                  ! 1,2,3 ! 2",
                "5,3,a\\n4,3,b\\n9,9,a\\n                ! 1,2,3 ! 3",
                "name,colour\\nann,red\\nbob,red\\n      ! name,colour ! 2",
                ",0\\n0,5.1\\n1,4.9\\n                   ! 0 ! 2",
                "id,2019,2020\\n7,1,2\\n8,3,4\\n         ! id,2019,2020 ! 2",
                "day,x\\n2024-01-01,5\\n                 ! day,x ! 1",
                "2024-01-01,5\\n2024-01-02,6\\n          ! 1,2 ! 2",
                "4\\n5\\n6\\n                            ! 1 ! 3",
                "7,8\\n                                  ! 1,2 ! 1",
            })
    void detectsWhetherTheFirstLineHasNames(String content, String names, int rows) throws IOException {
        try (DataSource data = open(content.strip().replace("\\n", "\n"))) {
            assertThat(String.join(",", data.columnNames())).isEqualTo(names.strip());
            assertThat(data.rows()).isEqualTo(rows);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0,1,2\\n3,4,5\\n",
                "0,1\\n1,0\\n1,1\\n",
                "0,1,kind\\n3,4,a\\n5,6,b\\n",
                "2019,2020,2021\\n5,6,7\\n",
                "400,410,420\\n.5,.6,.7\\n.1,.2,.3\\n",
                "unknown,5.5,3.1\\n1,5.2,3.5\\n",
                "red,blue\\nred,green\\n",
            })
    void refusesAnAmbiguousFirstLine(String content) throws IOException {
        String lines = content.replace("\\n", "\n");
        assertRefused(lines, PLAIN, "line 1", "--header yes or --header no");
        for (boolean header : new boolean[] {true, false}) {
            try (DataSource data = open(text(lines), PLAIN.withHeader(header))) {
                assertThat(data.rows()).isEqualTo(lines.lines().count() - (header ? 1 : 0));
            }
        }
        // The name of a label column shows that the first line has names.
        try (DataSource data = open(text("0,1,kind\n3,4,a\n5,6,b\n"), PLAIN.withLabel("kind"))) {
            assertThat(data.columnNames()).containsExactly("0", "1");
        }
    }

    @Test
    void leavesOutTheIndexOfPandas() throws IOException {
        String content = ",a,b\n0,1.5,2\n1,2.5,3\n";
        try (DataSource data = open(content)) {
            assertThat(data.columnNames()).containsExactly("a", "b");
        }
        assertThat(notes).singleElement().asString().contains("first column has no name", "--keep-index");
        notes.clear();
        try (DataSource data =
                open(text(content), PLAIN.withText(TextOptions.defaults().withKeepIndex(true)))) {
            assertThat(data.columnNames()).containsExactly("1", "a", "b");
        }
        try (DataSource data = open(text(content), PLAIN.withLabel("1"))) {
            assertThat(data.columnNames()).containsExactly("a", "b");
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("0", "1");
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void distinguishesColumnsOfOneName() throws IOException {
        String content = "a,a,a.1,b\n1,2,3,4\n";
        try (DataSource data = open(content)) {
            assertThat(data.columnNames()).containsExactly("a.2", "a.3", "a.1", "b");
        }
        assertThat(notes).singleElement().asString().contains("several columns are called 'a'");
        assertRefused(content, PLAIN.withDrop(List.of("a")), "has no column 'a'; its columns are a.2, a.3, a.1, b");
    }

    @Test
    void dropsColumnsWhoseNamesHoldCommas() throws IOException {
        String content = "a,\"b,c\",d,\"e\"\"f\"\n1,2,3,4\n";
        for (List<String> drop :
                List.of(List.of("b,c", "a"), List.of("\"b,c\",a"), List.of("a,\"b,c\""), List.of("\"b,c\"", "a"))) {
            try (DataSource data = open(text(content), PLAIN.withDrop(drop))) {
                assertThat(data.columnNames()).as(drop.toString()).containsExactly("d", "e\"f");
            }
        }
        assertRefused(
                "a,\"a,b\",b,c\n1,2,3,4\n",
                PLAIN.withDrop(List.of("a,b")),
                "--drop a,b is one column of",
                "or several");
    }

    @Test
    void refusesInvalidUtf8AtAnyPlace() throws IOException {
        byte[] late = ("a,b\n" + "1,x\n".repeat(50_000) + "2,caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("late.csv"), late);

        assertThatThrownBy(() -> open(file, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining("late.csv, line 50002 holds the byte 0xe9")
                .hasMessageContaining("--encoding");
        TextOptions latin = TextOptions.defaults().withEncoding(Charset.forName("windows-1252"));
        try (DataSource data = open(file, PLAIN.withText(latin).withLabel("b"))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("caf\u00e9", "x");
        }
    }

    @ParameterizedTest
    @CsvSource({"UTF-16, UTF-16", "UTF-16LE, UTF-16", "UTF-16BE, UTF-16", "UTF-32, UTF-16"})
    void namesOtherUnicodeEncodings(String encoding, String told) throws IOException {
        Path file = folder.resolve("wide.csv");
        Files.write(file, ("a,b\n1,2\n3,\u4e00\n").getBytes(Charset.forName(encoding)));
        if (!encoding.equals("UTF-32")) {
            assertThatThrownBy(() -> open(file, PLAIN)).hasMessageContaining("is text in " + told);
        } else {
            assertThatThrownBy(() -> open(file, PLAIN)).isInstanceOf(DataFormatException.class);
        }
        TextOptions wide = TextOptions.defaults().withEncoding(Charset.forName(encoding));
        try (DataSource data = open(file, PLAIN.withText(wide))) {
            assertThat(data.columnNames()).containsExactly("a", "b");
            assertThat(table(data).columns().get(1).categories()).containsExactly("2", "\u4e00");
        }
    }

    @Test
    void ignoresBlanksAroundQuotes() throws IOException {
        try (DataSource data = open("n,kind,note\n1, \"x\" ,\"p\"\n2,\"x\", \"q, r\"\n3, x ,s\n")) {
            assertThat(table(data).columns().get(1).categories()).containsExactly("x");
            assertThat(table(data).columns().get(2).categories()).containsExactly("p", "q, r", "s");
        }
    }

    @Test
    void skipsComments() throws IOException {
        TextOptions hash = TextOptions.defaults().withComment('#');
        try (DataSource data = open(text("# made; by,a,machine\na,b\n# none\n1,2\n3,#4\n"), PLAIN.withText(hash))) {
            assertThat(data.columnNames()).containsExactly("a", "b");
            assertThat(data.rows()).isEqualTo(2);
        }
    }

    @Test
    void readsDecimalCommas() throws IOException {
        try (DataSource data = open("a;b\n1,5;x\n-2,25;y\n3;z\n")) {
            assertThat(column(data, 0)).containsExactly(1.5, -2.25, 3);
        }
        assertThat(notes).singleElement().asString().contains("1,5", "decimal mark");
        // Every field contains a comma, so the semicolon is the separator.
        try (DataSource data = open("1,5;2,5\n3,5;4,5\n")) {
            assertThat(data.columns()).isEqualTo(2);
        }
        String three = "a;b\n1,500;x\n2,250;y\n";
        assertRefused(three, PLAIN, "'1,500' could have a decimal comma or a thousands separator", "--decimal ,");
        try (DataSource data =
                open(text(three), PLAIN.withText(TextOptions.defaults().withDecimal(',')))) {
            assertThat(column(data, 0)).containsExactly(1.5, 2.25);
        }
        assertRefused("a;b\n1,5;2.5\n", PLAIN, "decimal point (2.5) and with a decimal comma (1,5)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"1,234\"", "\"1,234,567.5\"", "1'234", "1 234", "1.234.567"})
    void refusesMarksBetweenThousands(String number) throws IOException {
        assertRefused("a,b\n5,1\n" + number + ",2\n", PLAIN, "thousands");
    }

    @ParameterizedTest
    @CsvSource({
        "111;-1.174;23,              true",
        "111;1.174;23.5,             false",
        "111;1.174;2300,             false",
        "111;0.174;23,               false",
        "1.111;1.174;2.300,          false",
        "1;2;3,                      false"
    })
    void reportsPointsThatMaySeparateThousands(String numbers, boolean reported) throws IOException {
        String rows = numbers.replace(";", ";a\n") + ";a\n";
        open("x;y\n" + rows).close();
        assertThat(notes.stream().filter(note -> note.contains("the point in numbers such as -1.174")))
                .hasSize(reported ? 1 : 0);
        notes.clear();
        open(text("x;y\n" + rows), PLAIN.withText(TextOptions.defaults().withDecimal('.')))
                .close();
        open("x,y\n" + rows.replace(';', ',')).close();
        assertThat(notes).isEmpty();
    }

    @Test
    void refusesNumbersWithBlanksBetweenThem() throws IOException {
        String content = "x y\n1 2\n3.5 4\n";
        assertRefused(content, PLAIN, "'3.5 4': numbers separated by blanks", "--separator space");
        try (DataSource data = open(text(content), PLAIN.withSeparator(' '))) {
            assertThat(data.columnNames()).containsExactly("x", "y");
        }
    }

    @Test
    void reportsOtherMissingValues() throws IOException {
        String content = "a,b\n-999,NA\n2,EU\n-999.0,?\n";
        TextOptions own = TextOptions.defaults().withMissing(List.of("-999", "-999.0", "?"));
        try (DataSource data = open(text(content), PLAIN.withText(own))) {
            assertThat(column(data, 0)).containsExactly(Double.NaN, 2, Double.NaN);
            assertThat(table(data).columns().get(1).categories()).containsExactly("NA", "EU");
        }
    }

    @Test
    void readsCompressedTables() throws IOException {
        byte[] plain = "a,b\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(plain);
        }
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("folder/"));
            out.putNextEntry(new ZipEntry("folder/t.csv"));
            out.write(plain);
            out.putNextEntry(new ZipEntry("__MACOSX/._t.csv"));
            out.write(1);
        }
        for (Map.Entry<String, byte[]> packed : Map.of(
                        "t.csv.gz",
                        gzip.toByteArray(),
                        "t.zip",
                        zip.toByteArray(),
                        "t.tsv.zst",
                        Zstd.compress(plain),
                        "t.csv",
                        gzip.toByteArray())
                .entrySet()) {
            Path file = Files.write(folder.resolve(packed.getKey()), packed.getValue());
            try (DataSource data = open(file, PLAIN)) {
                assertThat(column(data, 1)).as(packed.getKey()).containsExactly(2, 4);
            }
        }
        Path cut = folder.resolve("cut.csv.gz");
        Files.write(cut, java.util.Arrays.copyOf(gzip.toByteArray(), gzip.size() - 10));
        assertThatThrownBy(() -> open(cut, PLAIN)).isInstanceOf(DataFormatException.class);
        Path other = Files.writeString(folder.resolve("t.csv.bz2"), "BZh91AY");
        assertThatThrownBy(() -> open(other, PLAIN)).hasMessageContaining("bzip2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sep=;\nx;y\n1;2\n3;4\n", "sep=,\nx,y\n1,2\n3,4\n", "SEP=\t\nx\ty\n1\t2\n3\t4\n"})
    void refusesALineForExcel(String content) {
        assertThatThrownBy(() -> open(content)).hasMessageContaining("delete this line");
    }

    @Test
    void readsManyColumns() throws IOException {
        int width = 20_500;
        String names = IntStream.range(0, width).mapToObj(j -> "c" + j).collect(Collectors.joining(","));
        String row = IntStream.range(0, width).mapToObj(Integer::toString).collect(Collectors.joining(","));
        try (DataSource data = open(names + "\n" + row + "\n" + row + "\n")) {
            assertThat(data.columns()).isEqualTo(width);
            assertThat(table(data).value(1, width - 1)).isEqualTo(width - 1);
        }
    }

    @Test
    void anEmptyLineInOneColumnIsAMissingValue() throws IOException {
        try (DataSource data = open("a\n1\n\n2\n\n\n")) {
            assertThat(column(data, 0)).containsExactly(1, Double.NaN, 2);
        }
        Path labels = Files.writeString(folder.resolve("labels.txt"), "x\n\ny\n");
        Path file = text("a\n1\n2\n");
        assertThatThrownBy(() -> open(file, PLAIN.withLabels(labels)))
                .hasMessageContaining("labels.txt, line 2 is empty");
    }

    @Test
    void separatesLabelsIdsAndWeights() throws IOException {
        String content = "id,w,x,kind\n007,1,5,01\n008,0.5,6,1\n";
        ColumnRoles roles = ColumnRoles.none().withId(Optional.of("id")).withWeights(Optional.of("w"));
        try (DataSource data = open(text(content), PLAIN.withLabel("kind").withRoles(roles))) {
            assertThat(data.columnNames()).containsExactly("x");
            assertThat(data.ids()).contains(List.of("007", "008"));
            assertThat(data.weights().orElseThrow()).containsExactly(1, 0.5);
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("01", "1");
        }
        assertRefused(content.replace("0.5", "-1"), PLAIN.withRoles(roles), "line 3, column 'w': '-1' is not a weight");
        assertRefused(content.replace(",01", ","), PLAIN.withLabel("kind"), "line 2, column 'kind' is empty");
    }

    @Test
    void readsFromAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        org.junit.jupiter.api.Assumptions.assumeTrue(made.waitFor() == 0, "this system makes no pipes");
        Thread writer = Thread.ofVirtual().start(() -> {
            try {
                Files.writeString(pipe, "p,q\n1,2\n3,x\n");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try (DataSource data = open(pipe, PLAIN)) {
            assertThat(data.name()).isEqualTo("pipe");
            assertThat(data.rows()).isEqualTo(2);
        }
        writer.join();
    }

    @Test
    void codesWithLeadingZerosAreText() throws IOException {
        Path file = text("zip,hour,x\n002,08,1\n010,09,2\n100,10,3\n");
        DataOptions hours = PLAIN.withRoles(ColumnRoles.none().withKinds(Map.of("hour", Column.Kind.NUMBER)));
        try (DataSource data = open(file, hours)) {
            Table table = data.table().orElseThrow();
            assertThat(table.columns().get(0).categories()).containsExactly("002", "010", "100");
            assertThat(table.columns().get(1).kind()).isEqualTo(Column.Kind.NUMBER);
            assertThat(table.value(0, 1)).isEqualTo(8);
        }
        assertThat(notes).singleElement().asString().contains("column 'zip' is read as text", "'002'", "--number zip");
    }

    /** The first code is after the rows that are examined first. */
    @Test
    void aCodeAfterTheFirstRowsMakesTheColumnText() throws IOException {
        String many = "7\n".repeat(9000);
        try (DataSource data = open(text("x\n" + many + "0\n-05\n0.5\n"), PLAIN)) {
            assertThat(data.table().orElseThrow().columns().getFirst().kind()).isEqualTo(Column.Kind.NUMBER);
        }
        try (DataSource data = open(text("x\n" + many + "05\n"), PLAIN)) {
            assertThat(data.table().orElseThrow().columns().getFirst().categories())
                    .containsExactly("7", "05");
        }
    }

    @Test
    void codesAreNotAHeader() throws IOException {
        try (DataSource data = open(text("001,1\n002,2\n"), PLAIN)) {
            assertThat(data.rows()).isEqualTo(2);
            assertThat(data.table().orElseThrow().columns().getFirst().categories())
                    .containsExactly("001", "002");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x,y,z\n1,2,3\n# made by hand\n4,5,6\n", "# a table\nx,y,z\n1,2,3\n"})
    void suggestsTheOptionForComments(String content) throws IOException {
        Path file = text(content);
        assertThatThrownBy(() -> open(file, PLAIN)).hasMessageContaining("line").hasMessageContaining("--comment '#'");
        try (DataSource data = open(file, PLAIN.withText(TextOptions.defaults().withComment('#')))) {
            assertThat(data.columnNames()).containsExactly("x", "y", "z");
        }
    }

    @Test
    void namesRoundedWholeNumbers() throws IOException {
        Path file = text("id,big,small\n9007199254740993,1e300,9007199254740991\n1,2.5e20,-9007199254740990\n");
        try (DataSource data = open(file, PLAIN)) {
            assertThat(data.rounded()).containsExactly("id");
        }
    }

    @Test
    void aHeadingAboveTheTableIsNamed() throws IOException {
        Path file = text("Sales 2024,,\na,b,c\n1,2,x\n3,4,y\n");
        assertThatThrownBy(() -> open(file, PLAIN))
                .isInstanceOf(DataFormatException.class)
                .hasMessageEndingWith("; if it is a heading above the table, delete it");
    }
}
