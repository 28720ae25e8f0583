package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code heddle audit apply} with decisions written by hand. */
class AuditApplyTest {
    @TempDir
    Path folder;

    private Path table;
    private Path out;

    @BeforeEach
    void write() throws IOException {
        table = folder.resolve("pets.csv");
        Files.writeString(table, """
                name;legs;kind
                Rex;4;dog
                "Tom; the cat";4;dog
                Polly;2;bird
                Kitty;4;cat
                Felix;4;cat
                """);
        out = folder.resolve("clean");
    }

    private Path decisions(String... lines) throws IOException {
        return Files.write(folder.resolve("decisions.csv"), List.of(lines));
    }

    private Invocation apply(Path decisions, Object... more) {
        return Invocation.of(
                Stream.concat(Stream.of("audit", "apply", decisions, table, "--label", "kind"), Stream.of(more))
                        .toArray());
    }

    @Test
    void aTableKeepsItsColumnsWithoutDroppedRows() throws IOException {
        Path decisions =
                decisions("index,file,decision,label", "1,,relabel,cat", "2,,drop,", "0,,keep,", "4,,relabel,cat");
        Invocation heddle = apply(decisions, "--out", out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(Files.readString(out.resolve("pets.csv"))).isEqualTo("""
                name;legs;kind
                Rex;4;dog
                "Tom; the cat";4;cat
                Kitty;4;cat
                Felix;4;cat
                """);
        assertThat(Files.readString(out.resolve("labels.csv"))).isEqualTo("index,label\n0,dog\n1,cat\n3,cat\n4,cat\n");
        assertThat(heddle.out())
                .contains(
                        "1 relabelled, 1 dropped, 2 kept by decision; 4 of 5 rows remain",
                        "1      dog -> cat",
                        "1      bird dropped");
        assertThat(heddle.errorLines().getLast())
                .startsWith("Next: heddle audit ")
                .endsWith("--label kind");
        assertThat(Files.readString(table)).contains("Polly");
    }

    @Test
    void theNextAuditReadsTheEncodingThatWasWritten() throws IOException {
        Files.writeString(
                table,
                "legs,kind\n4,chien\n2,\u00e9tourneau\n4,chien\n2,\u00e9tourneau\n",
                Charset.forName("windows-1252"));
        Invocation heddle = apply(
                decisions("index,decision,label", "0,relabel,\u00e9tourneau"),
                "--encoding",
                "windows-1252",
                "--out",
                out);

        assertThat(heddle.errorLines().getLast()).startsWith("Next: ").doesNotContain("--encoding");
        assertThat(Files.readString(out.resolve("pets.csv"), StandardCharsets.UTF_8))
                .contains("4,\u00e9tourneau");
    }

    @Test
    void theNextAuditHasTheOptionsOfTheLastOne() throws IOException {
        Files.writeString(table, "legs,kind\n4,dog\n,cat\n2,\n4,cat\n");
        Invocation heddle = apply(
                decisions("index,decision,label", "3,relabel,dog"),
                "--missing-label",
                "drop-rows",
                "--missing",
                "mean",
                "--standardize",
                "--folds",
                "3",
                "--out",
                out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(Files.readString(out.resolve("pets.csv"))).isEqualTo("legs,kind\n4,dog\n,cat\n2,\n4,dog\n");
        assertThat(heddle.out()).contains("3 of 3 rows with a label remain");
        assertThat(heddle.errorLines().getLast())
                .endsWith("pets.csv --missing-label drop-rows --missing mean --standardize --folds 3 --label kind");
    }

    @Test
    void namesTheRequestedFolderIfItCannotBeCreated() throws IOException {
        Invocation heddle = apply(decisions("index,decision", "1,drop"), "--out", "/proc/heddle-clean");

        assertThat(heddle.code()).isNotZero();
        assertThat(heddle.errorLines())
                .singleElement()
                .asString()
                .contains("cannot write /proc/heddle-clean: ")
                .doesNotContain(".part");
    }

    @Test
    void theColumnOfATreatmentThatDoesNotExistHasASuggestion() {
        Invocation heddle = Invocation.of(
                "audit", table, "--label", "kind", "--missing", "lges=mean", "--out", folder.resolve("a"));

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.err()).contains("the columns of pets.csv are name, legs; did you mean 'legs'?");
    }

    @Test
    void aDryRunWritesNothing() throws IOException {
        Invocation heddle = apply(decisions("index,decision,label", "1,relabel,cat"), "--dry-run", "--json");

        assertThat(heddle.code()).as(heddle.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(heddle.out());
        assertThat(json.get("relabelled").intValue()).isEqualTo(1);
        assertThat(json.get("dryRun").booleanValue()).isTrue();
        assertThat(json.get("changes").get(0).toString()).isEqualTo("{\"index\":1,\"from\":\"dog\",\"to\":\"cat\"}");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("pets.csv", "decisions.csv");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "index,decision / 1,drop / 1,keep          | line 3 decides about row 1 again, after line 2; keep one",
                "index,decision,label / 1,relabel,horse    | line 2 gives row 1 the label 'horse', but the classes of pets.csv are bird, cat, dog",
                "index,decision,label / 1,relabel,         | line 2 relabels row 1, but its label is empty",
                "index,decision,label / 1,keep,cat         | line 2 has the label 'cat', but decides keep",
                "index,decision / 1,delete                 | line 2 decides 'delete'; a decision is keep, relabel or drop",
                "index,decision / -1,drop                  | line 2 has the index '-1'; it is the number of a row, from 0",
                "index,decision / one,drop                 | line 2 has the index 'one'; it is the number of a row, from 0",
                "index,decision / 5,drop                   | line 2 is about row 5, but the rows of pets.csv go from 0 to 4",
                "index,decision / 1                        | line 2 has 1 fields, but line 1 names 2 columns",
                "index,given / 1,drop                      | has no column 'decision'; a file of decisions has the columns index,file,decision,label",
                "index,decision                            | holds no decisions",
                "index,decision,given / 1,drop,cat         | line 2: row 1 has the label 'dog', but had 'cat' when it was decided",
                "index,decision,data / 1,drop,abc          | is about other data: it names the hash abc, but that of pets.csv is ",
                "index,decision,data / 1,drop,a / 2,drop,b | line 3 is about other data than the lines before",
            })
    void ambiguousDecisionsAreRefused(String lines, String sentence) throws IOException {
        Invocation heddle = apply(decisions(lines.split(" / ")), "--out", out);

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.out()).isEmpty();
        assertThat(heddle.errorLines()).singleElement().asString().contains(sentence);
        assertThat(out).doesNotExist();
    }

    @Test
    void anEmptyFileAndOneWithoutOutputAreRefused() throws IOException {
        assertThat(apply(Files.writeString(folder.resolve("d"), ""), "--out", out)
                        .err())
                .contains("is empty");
        assertThat(apply(decisions("index,decision", "1,drop")).err()).contains("--out DIR says where");
        assertThat(apply(folder.resolve("none.csv"), "--out", out).err()).contains("there is no file");
    }

    private Path photos() throws IOException {
        Path photos = folder.resolve("photos");
        for (String name : List.of("cat/a.png", "cat/b.png", "dog/a.png", "dog/c.png")) {
            Path file = photos.resolve(name);
            Files.createDirectories(file.getParent());
            ImageIO.write(
                    new BufferedImage(3, 2 + name.length() % 2, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        }
        return photos;
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void photosAreCopiedIntoTheFolderOfTheirLabel() throws IOException {
        Path photos = photos();
        Path decisions =
                decisions("index,file,decision,label", "0,cat/a.png,relabel,dog", "3,c.png,drop,", "1,cat/b.png,keep,");
        Invocation heddle = Invocation.of("audit", "apply", decisions, photos, "--out", out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(files(out)).containsExactly("cat/b.png", "dog/a-2.png", "dog/a.png");
        assertThat(out.resolve("dog/a-2.png")).hasSameBinaryContentAs(photos.resolve("cat/a.png"));
        assertThat(files(photos)).containsExactly("cat/a.png", "cat/b.png", "dog/a.png", "dog/c.png");
    }

    @Test
    void inPlaceMovesPhotosAndLosesNone() throws IOException {
        Path photos = photos();
        Path decisions = decisions("index,file,decision,label", "0,cat/a.png,relabel,dog", "3,dog/c.png,drop,");
        Invocation heddle = Invocation.of("audit", "apply", decisions, photos, "--in-place", "--out", out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(files(photos)).containsExactly("cat/b.png", "dog/a-2.png", "dog/a.png");
        assertThat(files(out)).containsExactly("dog/c.png");
        // The rows have changed.
        assertThat(Invocation.of("audit", "apply", decisions, photos, "--out", folder.resolve("again"))
                        .err())
                .contains("line 2: row 0 is cat/b.png, not cat/a.png");
    }

    @Test
    void anEndOfSeveralPathsIsRefused() throws IOException {
        Path photos = photos();
        Path decisions = decisions("index,file,decision,label", "2,a.png,drop,");
        Invocation heddle = Invocation.of("audit", "apply", decisions, photos, "--out", out);

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.errorLines())
                .singleElement()
                .asString()
                .endsWith("line 2: a.png can be cat/a.png or dog/a.png; write the path relative to the folder photos");
        assertThat(out).doesNotExist();
    }

    @Test
    void outputWithinThePhotosIsRefused() throws IOException {
        Path photos = photos();
        Invocation heddle = Invocation.of(
                "audit", "apply", decisions("index,decision", "0,drop"), photos, "--out", photos.resolve("clean"));

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.err()).contains("is inside the input folder");
        assertThat(files(photos)).hasSize(4);
    }

    @Test
    void rowsOfAnArrayAreWrittenWithTheirType() throws IOException {
        Path images = folder.resolve("images");
        Files.createDirectories(images);
        DrawnImages.write(images, 20, 10);
        Path array = images.resolve("train-images-idx3-ubyte.gz");
        Path labels = images.resolve("train-labels-idx1-ubyte.gz");
        Path decisions = decisions("index,decision,label", "0,relabel,7", "19,drop,");
        Invocation heddle = Invocation.of("audit", "apply", decisions, array, "--labels", labels, "--out", out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(files(out)).containsExactly("data.npy", "labels.csv");
        Invocation info =
                Invocation.of("data", "info", out.resolve("data.npy"), "--labels", out.resolve("labels.csv"), "--json");
        JsonNode json = new ObjectMapper().readTree(info.out());
        assertThat(info.code()).as(info.err()).isZero();
        assertThat(json.get("rows").intValue()).isEqualTo(19);
        assertThat(json.get("dtype").textValue()).isEqualTo("uint8");
        assertThat(Files.readAllLines(out.resolve("labels.csv")))
                .hasSize(20)
                .element(1)
                .isEqualTo("0,7");
    }

    @Test
    void labelsOfIdsCalledIndexAreNotJoinedByTheNumbersOfRows() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), "index,x\n2,10\n0,20\n1,30\n");
        Path labels = Files.writeString(folder.resolve("given.csv"), "index,label\n0,b\n1,c\n2,a\n");
        Path decisions = decisions("index,id,decision,label", "2,1,relabel,b");
        Invocation heddle =
                Invocation.of("audit", "apply", decisions, data, "--labels", labels, "--id", "index", "--out", out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(Files.readAllLines(out.resolve("labels.csv"))).containsExactly("row,label", "0,a", "1,b", "2,b");
        Path copy = folder.resolve("copy.csv");
        Invocation read = Invocation.of(
                "data",
                "convert",
                out.resolve("data.csv"),
                copy,
                "--labels",
                out.resolve("labels.csv"),
                "--id",
                "index");
        assertThat(read.code()).as(read.err()).isZero();
        assertThat(Files.readAllLines(copy)).containsExactly("id,x,label", "2,10,a", "0,20,b", "1,30,b");
    }

    @Test
    void decisionsThatCannotBeCheckedAreRefused() throws IOException {
        assertThat(apply(decisions("index,id,decision", "1,Rex,drop"), "--dry-run")
                        .err())
                .contains("line 2 names the row Rex, but pets.csv is read without IDs; --id COLUMN names their column");
        assertThat(apply(decisions("index,id,decision", "1,Rex,drop"), "--id", "name", "--dry-run")
                        .err())
                .contains("row 1 is Tom; the cat, not Rex");
        assertThat(apply(decisions("index,decision,label,Label", "1,relabel,cat,dog"), "--dry-run")
                        .err())
                .contains("has 2 columns 'label'; keep one");
        Invocation all =
                apply(decisions("index,decision", "0,drop", "1,drop", "2,drop", "3,drop", "4,drop"), "--out", out);
        assertThat(all.code()).isEqualTo(2);
        assertThat(all.err()).contains("drops all rows of pets.csv: no row is left");
        assertThat(out).doesNotExist();
    }

    @Test
    void numbersThatMayBeIdsNeedTheIds() throws IOException {
        Path data = Files.writeString(folder.resolve("data.csv"), "index,x,kind\n2,10,a\n0,20,b\n1,30,a\n");
        List<Object> words = List.of("audit", "apply", folder.resolve("decisions.csv"), data, "--label", "kind");
        Object[] command = Stream.concat(words.stream(), Stream.of("--id", "index", "--dry-run"))
                .toArray();
        decisions("index,decision", "2,drop");
        assertThat(Invocation.of(command).err())
                .contains("but the IDs of " + data + " are called 'index' too; add a column 'id' with the IDs");
        decisions("index,id,decision", "2,1,drop");
        Invocation heddle = Invocation.of(command);
        assertThat(heddle.code()).as(heddle.err()).isZero();
    }

    /** An empty line at the end is no row. Such files were refused as changed while they were read. */
    @ParameterizedTest
    @ValueSource(strings = {"x\n1\n2\n\n4\n5\n", "1\n2\n\n4\n5\n\n", "\n\n\n4\n5\n"})
    void anEmptyLineOfOneColumnIsARow(String lines) throws IOException {
        Files.writeString(table, lines);
        Path labels = Files.writeString(folder.resolve("l.csv"), "a\nb\na\nb\na\n");
        for (String dropped : List.of("3", "4")) {
            Path clean = folder.resolve("without" + dropped);
            Path decisions = decisions(
                    "index,decision,label", "1,relabel,a", "3,drop,", dropped.equals("3") ? "0,keep," : "4,drop,");
            Invocation heddle = Invocation.of("audit", "apply", decisions, table, "--labels", labels, "--out", clean);

            assertThat(heddle.code()).as(heddle.err()).isZero();
            String kept = dropped.equals("3") ? "0,a\n1,a\n2,a\n4,a\n" : "0,a\n1,a\n2,a\n";
            assertThat(Files.readString(clean.resolve("labels.csv"))).isEqualTo("index,label\n" + kept);
            Invocation again =
                    Invocation.of("data", "info", clean.resolve("pets.csv"), "--labels", clean.resolve("labels.csv"));
            assertThat(again.code()).as(again.err()).isZero();
            assertThat(again.out()).containsPattern("rows +" + kept.lines().count() + "\\n");
        }
    }
}
