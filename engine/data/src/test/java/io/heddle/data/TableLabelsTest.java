package io.heddle.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.InvalidInputException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the classes of the labels of tables, in a column or a separate file. */
class TableLabelsTest {
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

    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            1.0 1 2.0 2 2e0   ! 1 2
            +1 -1 1           ! -1 1
            01 1 1.0          ! 01 1
            2.50 2.5 1.0      ! 2.50 2.5 1.0
            -0 0.0 1          ! 0 1
            1 1.0 x           ! 1 1.0 x
            True FALSE true   ! false true
            Yes yes           ! Yes yes
            9007199254740993 9007199254740992 ! 9007199254740992 9007199254740993
            """)
    void labelsOfOneNumberAreOneClass(String labels, String classes) throws IOException {
        String rows = Arrays.stream(labels.split(" ")).map(l -> "5," + l).collect(Collectors.joining("\n"));
        try (DataSource data = open(text("x,kind\n" + rows + "\n"), PLAIN.withLabel("kind"))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactlyInAnyOrder(classes.split(" "));
        }
        Path alone = Files.writeString(folder.resolve("labels.txt"), labels.replace(' ', '\n') + "\n");
        String values = "x\n" + "5\n".repeat(labels.split(" ").length);
        try (DataSource data = open(text(values), PLAIN.withLabels(alone))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactlyInAnyOrder(classes.split(" "));
        }
    }

    @Test
    void missingLabelsAreRefusedOrLeftOut() throws IOException {
        Path file = text("x,id,w,kind\n1,a,1,1.0\n2,b,2,NA\n3,c,3,\n4,d,4,1\n5,e,5,2\n");
        DataOptions named = PLAIN.withLabel("kind");
        assertThatThrownBy(() -> open(file, named))
                .hasMessageContaining("line 3, column 'kind' holds 'NA'")
                .hasMessageContaining("--missing-label drop-rows");
        ColumnRoles roles = ColumnRoles.none().withId(Optional.of("id")).withWeights(Optional.of("w"));
        try (DataSource data = open(file, named.withRoles(roles.withMissingLabel(MissingLabel.DROP_ROWS)))) {
            assertThat(data.rows()).isEqualTo(3);
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("1", "2");
            assertThat(data.labels().orElseThrow().values()).containsExactly(0, 0, 1);
            assertThat(data.ids()).contains(List.of("a", "d", "e"));
            assertThat(data.weights().orElseThrow()).containsExactly(1, 4, 5);
            assertThat(data.table().orElseThrow().value(1, 0)).isEqualTo(4);
            assertThat(data.fileRow(1)).isEqualTo(3);
        }
        assertThat(notes).last().asString().contains("leaves out 2 of 5 rows without a label");
        try (DataSource data = open(file, named.withRoles(roles.withOptional(true)))) {
            assertThat(data.labels()).isEmpty();
        }
        assertThat(notes).last().asString().contains("2 of 5 rows have no label, so the labels are not used");
        Path text = text("x,kind\n1,None\n2,b\n");
        try (DataSource data = open(text, named.withRoles(ColumnRoles.none().withMissingLabel(MissingLabel.TEXT)))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("None", "b");
        }
        Path alone = Files.writeString(folder.resolve("labels.txt"), "a\nNA\n");
        assertThatThrownBy(() -> open(text, PLAIN.withLabels(alone)))
                .hasMessageContaining("labels.txt, line 2 is 'NA'");
    }

    @Test
    void aFirstLabelCalledYIsALabelIfTheCountFits() throws IOException {
        Path file = text("x,z\n1,2\n3,4\n5,6\n");
        Path labels = Files.writeString(folder.resolve("labels.txt"), "y\nn\ny\n");
        try (DataSource data = open(file, PLAIN.withLabels(labels))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("n", "y");
            assertThat(data.labels().orElseThrow().values()).containsExactly(1, 0, 1);
        }
        Files.writeString(labels, "y\n1\n2\n1\n");
        try (DataSource data = open(file, PLAIN.withLabels(labels))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("1", "2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"label\na\nb", "Target\na\na", "y\n0\n1", "y\nno\nyes", "species\n0\n1"})
    void aHeadingAboveOneLabelTooFewIsRefused(String lines) throws IOException {
        Path file = text("x,z\n1,2\n3,4\n5,6\n");
        Path labels = Files.writeString(folder.resolve("labels.txt"), lines + "\n");
        String heading = lines.lines().findFirst().orElseThrow();

        assertThatThrownBy(() -> open(file, PLAIN.withLabels(labels)))
                .isInstanceOf(DataFormatException.class)
                .hasMessageContaining(
                        "the first line '%s' is the label of no other row, so it is probably the heading of 2 labels for 3 rows"
                                .formatted(heading));
        Files.writeString(labels, "label\n" + lines + "\n");
        try (DataSource data = open(file, PLAIN.withLabels(labels))) {
            assertThat(data.labels().orElseThrow().classNames()).contains(heading);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"y\nn\nm", "label\nbox\nlabel", "class\nclass\nclass", "cat\ndog\nbird", "7\n1\n2"})
    void aFirstLabelLikeTheOthersIsALabel(String lines) throws IOException {
        Path file = text("x,z\n1,2\n3,4\n5,6\n");
        Path labels = Files.writeString(folder.resolve("labels.txt"), lines + "\n");
        ColumnRoles asText = ColumnRoles.none().withMissingLabel(MissingLabel.TEXT);
        try (DataSource data = open(file, PLAIN.withLabels(labels).withRoles(asText))) {
            assertThat(data.labels().orElseThrow().rows()).isEqualTo(3);
        }
    }

    /** pandas writes the name of a series above its values. */
    @Test
    void aHeadingAboveAllLabelsIsSuggestedAsTheirColumn() throws IOException {
        Path file = text("x,z\n1,2\n3,4\n5,6\n");
        DataOptions options = PLAIN.withLabels(Files.writeString(folder.resolve("labels.csv"), "kind\na\nb\na\n"));

        assertThatThrownBy(() -> open(file, options))
                .hasMessage(
                        "t.csv has 3 rows, but there are 4 labels; if the first one, 'kind', is a heading, --label 'kind' says so");
        try (DataSource data = open(file, options.withLabel("kind"))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("a", "b");
        }
    }

    @Test
    void columnsBetweenBlanksAreReported() {
        assertThatThrownBy(() -> open(text("x z kind\n1 2 a\n3 4 b\n"), PLAIN.withLabel("kind")))
                .hasMessageEndingWith(
                        "t.csv has no column 'kind'; its columns are x z kind; --separator space separates them at blanks");
    }

    @Test
    void labelsOfAFileWithTheIdsAreJoinedByThem() throws IOException {
        Path file = text("id,x\na,1\nb,2\nc,3\n");
        Path labels = Files.writeString(folder.resolve("labels.csv"), "label,id\nowl,c\n,d\ncat,b\ndog,a\nemu,e\n");
        DataOptions byId = PLAIN.withLabels(labels).withRoles(ColumnRoles.none().withId(Optional.of("id")));
        try (DataSource data = open(file, byId)) {
            Labels joined = data.labels().orElseThrow();
            assertThat(joined.classNames()).containsExactly("cat", "dog", "owl");
            assertThat(joined.values()).containsExactly(1, 0, 2);
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .endsWith("leaves out the labels of 2 'id' that the table does not have: d, e");

        Files.writeString(labels, "id,label\nc,owl\na,dog\n");
        assertThatThrownBy(() -> open(file, byId))
                .hasMessageEndingWith("has no label for 1 of the 3 rows of the table; its column 'id' lacks b");
        Files.writeString(labels, "id,label\nc,owl\na,dog\nb,cat\na,dog\n");
        assertThatThrownBy(() -> open(file, byId)).hasMessageContaining("line 5: the id 'a' is in line 3 too");
        Files.writeString(labels, "id,label\na,owl\na,dog\nb,cat\n");
        try (DataSource data = open(text("id,x\na,1\na,2\nb,3\n"), byId)) {
            assertThat(data.labels().orElseThrow().values()).containsExactly(2, 1, 0);
        }
        Files.writeString(labels, "id,label\nb,cat\na,dog\n");
        assertThatThrownBy(() -> open(file, byId))
                .as("an ID of several rows, not in the same order")
                .hasMessageContaining("the rows 0 and 1 of the table have the same id 'a'");
        text("id,x\na,1\nb,2\nc,3\n");
        Files.writeString(labels, "id,label\nc,owl\na,dog\nb,\n");
        assertThatThrownBy(() -> open(file, byId))
                .hasMessageEndingWith("line 4: the label of the id 'b' is empty; every row needs one");
        text("id,x\na,1\n,2\nc,3\n");
        Files.writeString(labels, "id,label\nc,owl\na,dog\n");
        assertThatThrownBy(() -> open(file, byId)).hasMessageEndingWith("its column 'id' lacks ''");
    }

    @Test
    void namesOfSeveralColumnsOfALabelFileAreRefused() throws IOException {
        Path file = text("id,x\na,1\nb,2\n");
        Path labels = Files.writeString(folder.resolve("labels.csv"), "id,label,label\na,owl,1\nb,dog,2\n");
        DataOptions byId = PLAIN.withLabels(labels).withRoles(ColumnRoles.none().withId(Optional.of("id")));

        assertThatThrownBy(() -> open(file, byId))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageEndingWith(
                        "has 2 columns called 'label': rename them, or name one as 'label.1', 'label.2', in their order");
        try (DataSource data = open(file, byId.withLabel("label.2"))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("1", "2");
        }
        Files.writeString(labels, "id,id,label\na,b,owl\nb,a,dog\n");
        assertThatThrownBy(() -> open(file, byId)).hasMessageContaining("has 2 columns called 'id'");
    }

    @Test
    void otherColumnsOfALabelFileAreReported() throws IOException {
        Path file = text("id,x\na,1\nb,2\nc,3\n");
        Path labels = Files.writeString(folder.resolve("labels.csv"), "no,label,when\n7,owl,1\n8,dog,2\n9,cat,3\n");
        DataOptions byOrder =
                PLAIN.withLabels(labels).withRoles(ColumnRoles.none().withId(Optional.of("id")));
        try (DataSource data = open(file, byOrder)) {
            assertThat(data.labels().orElseThrow().values()).containsExactly(2, 1, 0);
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .contains("takes the labels in the order of the rows and ignores the columns no,when");
    }

    @Test
    void reportsClassesThatDifferInCaseOnly() throws IOException {
        try (DataSource data = open(text("x,kind\n1,cat\n2,Cat\n3,dog\n"), PLAIN.withLabel("kind"))) {
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("Cat", "cat", "dog");
        }
        assertThat(notes).singleElement().asString().contains("'Cat' and 'cat' are two classes");
    }

    @Test
    void anotherSpellingOfTheColumnOfIdsIsRefused() throws IOException {
        Path table = text("id,x\na,1\nb,2\n");
        DataOptions joined = PLAIN.withRoles(ColumnRoles.none().withId(Optional.of("id")));
        Path labels = Files.writeString(folder.resolve("labels.csv"), "ID,label\nb,two\na,one\n");

        assertThatThrownBy(() -> open(table, joined.withLabels(labels)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("labels.csv has no column 'id'; did you mean 'ID'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void theByteOrderMarkIsNoPartOfALabel(Charset charset) throws IOException {
        Path table = folder.resolve("t.csv");
        Files.write(table, "\ufeffx\n1\n2\n".getBytes(charset));
        Path labels = Files.write(folder.resolve("labels.txt"), "\ufeffcat\ndog\n".getBytes(charset));
        DataOptions encoded = PLAIN.withText(PLAIN.text().withEncoding(charset));

        try (DataSource data = open(table, encoded.withLabels(labels))) {
            assertThat(data.columnNames()).containsExactly("x");
            assertThat(data.labels().orElseThrow().classNames()).containsExactly("cat", "dog");
        }
    }

    @Test
    void theNoteAboutRepeatedNamesHasTheNewNames() throws IOException {
        try (DataSource data = open(text("a,a.1,a\n1,2,3\n4,5,6\n"), PLAIN)) {
            assertThat(data.columnNames()).containsExactly("a.2", "a.1", "a.3");
        }
        assertThat(notes)
                .singleElement()
                .asString()
                .endsWith("several columns are called 'a'; they are renamed 'a.2', 'a.3'");
    }
}
