package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.cli.terminal.Faults;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests data for which a score is undefined and data with weights or probabilities. The results are written, and
 * messages name what is missing.
 */
@Tag("slow")
class CatalogueOddDataTest {
    @TempDir
    Path folder;

    private static JsonNode json(Object... words) throws IOException {
        List<Object> all = new ArrayList<>(List.of(words));
        all.add("--json");
        Invocation heddle = Invocation.of(all.toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return new ObjectMapper().readTree(heddle.out());
    }

    private Path table(String name, List<String> lines) throws IOException {
        return Files.write(folder.resolve(name), lines);
    }

    /** The sample of the silhouette has no row of the outlier's group. */
    @Test
    void groupsWithAnOutlierAreWrittenWithoutASilhouette() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        List<String> lines = new ArrayList<>(List.of("a,b"));
        for (int i = 0; i < 10_000; i++) {
            lines.add(random.nextDouble() + "," + random.nextDouble());
        }
        lines.add("1e6,1e6");
        Path out = folder.resolve("groups");
        Path data = table("outlier.csv", lines);
        JsonNode result = json("group", data, "--clusters", 2, "--out", out);

        assertThat(result.get("silhouette").isNull()).isTrue();
        assertThat(result.get("missing").get(0).textValue()).contains("no silhouette", "at least 2 clusters");
        assertThat(result.get("sizes")).extracting(JsonNode::intValue).containsExactlyInAnyOrder(1, 10_000);
        assertThat(Files.readAllLines(out.resolve("assignments.csv"))).hasSize(10_002);
        assertThat(Files.readString(out.resolve("index.html"))).contains("not defined", "There is no silhouette");

        JsonNode chosen = json("group", data, "--max-clusters", 4, "--out", folder.resolve("chosen"));
        assertThat(chosen.get("sizes").size()).isBetween(2, 4);
    }

    /** A row of zeros has no angle with any row, so its similarity to an equal row would be 0. */
    @Test
    void rowsWithoutADirectionAreNotComparedByTheCosine() throws IOException {
        Path some = table("some.csv", List.of("a,b", "0,0", "0,0", "1,2", "2,1"));
        Invocation noted =
                Invocation.of("similar", some, "--metric", "cosine", "--top", 2, "--out", folder.resolve("some"));
        assertThat(noted.code()).as(noted.err()).isZero();
        assertThat(noted.err()).contains("some.csv: 2 of 4 rows are 0 in all columns", "--metric euclidean");
        assertThat(Invocation.of("similar", some, "--top", 2, "--out", folder.resolve("near"))
                        .err())
                .doesNotContain("cosine");

        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (int i = 0; i < 6; i++) {
            ImageIO.write(
                    new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY),
                    "png",
                    photos.resolve(i + ".png").toFile());
        }
        Invocation refused =
                Invocation.of("similar", photos, "--top", 2, "--no-cache", "--out", folder.resolve("same"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("all rows of photos are equal: there is nothing to compare");
    }

    @Test
    void aQueryFileNeedsTheColumnsOfTheFeaturesOnly() throws IOException {
        Path data = table("rows.csv", List.of("id,a,note,b,kind", "p,1,x,1,u", "q,2,y,2,u", "r,9,z,9,v"));
        for (List<String> lines : List.of(List.of("b,a", "8,9"), List.of("id,a,note,b,kind", "s,9,w,8,u"))) {
            Path query = table("query.csv", lines);
            JsonNode result = json(
                    "similar",
                    data,
                    "--id",
                    "id",
                    "--drop",
                    "note",
                    "--label",
                    "kind",
                    "--query",
                    query,
                    "--top",
                    1,
                    "--out",
                    folder.resolve("like"));
            assertThat(result.get("neighbours").get(0).get(0).intValue()).isEqualTo(2);
        }
        Invocation refused = Invocation.of(
                "similar",
                data,
                "--id",
                "id",
                "--drop",
                "note,kind",
                "--query",
                table("one.csv", List.of("a", "8")),
                "--top",
                1,
                "--out",
                folder.resolve("none"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("one.csv has no column 'b'");
    }

    @Test
    void emptyGroupsAreNamed() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,b"));
        for (int i = 0; i < 30; i++) {
            lines.add(i % 3 + "," + i % 3);
        }
        Path data = table("three.csv", lines);
        JsonNode result = json("group", data, "--clusters", 5, "--out", folder.resolve("five"));

        assertThat(result.get("empty")).hasSize(2);
        for (JsonNode k : result.get("empty")) {
            assertThat(result.get("sizes").get(k.intValue()).intValue()).isZero();
        }
        Invocation text = Invocation.of("group", data, "--clusters", 5, "--out", folder.resolve("again"));
        assertThat(text.out()).contains("empty groups, because there are fewer distinct rows: ");
    }

    /** 9,000 classes × 8,000 groups exceed the size up to which the best assignment is computed. */
    @Test
    void labelsThatCannotBeScoredAreReportedBeforeTheWork() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,name"));
        for (int i = 0; i < 9_000; i++) {
            lines.add(i * 3 + ",row" + i);
        }
        JsonNode result = json(
                "group",
                table("unique.csv", lines),
                "--label",
                "name",
                "--clusters",
                8_000,
                "--out",
                folder.resolve("unique"));

        assertThat(result.has("ari")).isFalse();
        assertThat(result.get("missing"))
                .anySatisfy(m -> assertThat(m.textValue()).contains("no scores against the labels"));
    }

    @Test
    void theSizesOfTheFirstGroupsAreListed() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a"));
        for (int i = 0; i < 60; i++) {
            lines.add(Integer.toString(i));
        }
        Path data = table("line.csv", lines);
        Invocation heddle = Invocation.of("group", data, "--clusters", 50, "--out", folder.resolve("line"));

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(heddle.out()).containsPattern("sizes( \\d+){40} and 10 more\n");
    }

    private List<String> kinds(int rows) {
        SplittableRandom random = new SplittableRandom(4);
        List<String> lines = new ArrayList<>(List.of("a,b,kind"));
        for (int i = 0; i < rows; i++) {
            int kind = i % 2;
            lines.add("%s,%s,%s"
                    .formatted(kind * 3 + random.nextDouble(), random.nextDouble(), kind == 0 ? "round" : "square"));
        }
        return lines;
    }

    /** In thousandths of their unit, the values are too small for the penalties of an audit. */
    @Test
    void modelsThatGuessAreNamed() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        List<String> lines = new ArrayList<>(List.of("x,y,kind"));
        for (int i = 0; i < 150; i++) {
            double x = (i % 3 + 0.4 * random.nextDouble()) / 1000;
            double y = (2 - i % 3 + 0.4 * random.nextDouble()) / 1000;
            lines.add(x + "," + y + "," + "abc".charAt(i % 15 == 0 ? (i + 1) % 3 : i % 3));
        }
        Path data = table("small.csv", lines);
        assertThat(Invocation.of("audit", data, "--label", "kind", "--out", folder.resolve("asIs"))
                        .err())
                .contains("hardly better than a guess", "--standardize");
        assertThat(Invocation.of("audit", data, "--label", "kind", "--standardize", "--out", folder.resolve("scaled"))
                        .err())
                .doesNotContain("guess");
    }

    @Test
    void aClassOfOneRowIsNamedBeforeTheWork() throws IOException {
        List<String> lines = kinds(40);
        lines.add("1,1,lonely");
        Path data = table("lonely.csv", lines);

        Invocation cv = Invocation.of("logistic", "cv", data, "--label", "kind", "--lambdas", 2);
        assertThat(cv.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(cv.err()).contains("class 'lonely' has 1 row", "at least 2 rows of each class");

        Invocation path = Invocation.of("logistic", "path", data, "--label", "kind", "--lambdas", 2);
        assertThat(path.code()).as(path.err()).isZero();
        assertThat(path.err()).contains("class 'lonely' has 1 row");

        Invocation audit = Invocation.of("audit", data, "--label", "kind", "--out", folder.resolve("audit"));
        assertThat(audit.code()).as(audit.err()).isZero();
        assertThat(audit.err()).contains("left out 1 rows of classes with fewer than 5: class 'lonely' has 1 row");

        lines.add("1,1,lonely");
        Invocation two = Invocation.of(
                "logistic", "cv", table("two.csv", lines), "--label", "kind", "--lambdas", 2, "--folds", 5);
        assertThat(two.code()).as(two.err()).isZero();
        assertThat(two.err()).contains("some of the 5 folds do not score every class: class 'lonely' has 2 rows");
    }

    @Test
    void duplicatesOutliersAndTheirConflictsAreFound() throws IOException {
        List<String> lines = kinds(200);
        lines.add(lines.get(8));
        lines.add(lines.get(8).replace("square", "round"));
        String[] fields = lines.get(31).split(",");
        lines.add("%s,%s,%s".formatted(Double.parseDouble(fields[0]) + 1e-4, fields[1], fields[2]));
        lines.add("40,40,round");
        Path out = folder.resolve("audit");
        JsonNode result = json("audit", table("twice.csv", lines), "--label", "kind", "--out", out);

        JsonNode sets = result.get("duplicates");
        assertThat(sets.get(0).get("rows"))
                .extracting(r -> r.get("index").intValue())
                .containsExactly(7, 200, 201);
        assertThat(sets.get(0).get("exact").booleanValue()).isTrue();
        assertThat(sets.get(0).get("conflict").booleanValue()).isTrue();
        assertThat(sets).anySatisfy(set -> {
            assertThat(set.get("rows"))
                    .extracting(r -> r.get("index").intValue())
                    .contains(30, 202);
            assertThat(set.get("exact").booleanValue()).isFalse();
        });
        assertThat(result.get("outliers").get(0).get("index").intValue()).isEqualTo(203);
        assertThat(Files.readAllLines(out.resolve("duplicates.csv")))
                .startsWith(
                        "set,index,label,exact,conflict",
                        "0,7,square,true,true",
                        "0,200,square,true,true",
                        "0,201,round,true,true");
        assertThat(Files.readAllLines(out.resolve("outliers.csv")).get(1)).startsWith("203,round,");

        JsonNode none = json(
                "audit",
                folder.resolve("twice.csv"),
                "--label",
                "kind",
                "--neighbors",
                0,
                "--out",
                folder.resolve("none"));
        assertThat(none.has("duplicates")).isFalse();
    }

    @Test
    void probabilitiesOfTheUserAreAudited() throws IOException {
        List<String> lines = kinds(60);
        lines.set(6, lines.get(6).replace("square", "round"));
        List<String> own = new ArrayList<>(List.of("square,round"));
        for (int i = 0; i < 60; i++) {
            own.add(i % 2 == 0 ? "0.01,0.99" : "0.99,0.01");
        }
        Path data = table("given.csv", lines);
        Path probabilities = table("own.csv", own);
        Object[] command = {"audit", data, "--label", "kind", "--probabilities", probabilities, "--out"};
        List<Object> words = new ArrayList<>(List.of(command));
        words.add(folder.resolve("own"));
        JsonNode result = json(words.toArray());

        assertThat(result.get("rows")).hasSize(1);
        assertThat(result.get("rows").get(0).get("index").intValue()).isEqualTo(5);
        assertThat(result.get("rows").get(0).get("suggested").textValue()).isEqualTo("square");
        assertThat(result.get("lambda").isNull()).isTrue();
        assertThat(result.get("features").textValue()).isEqualTo("probabilities of own.csv");

        own.set(9, "0.9,0.9");
        Files.write(probabilities, own);
        Invocation sum = Invocation.of(words.toArray());
        assertThat(sum.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(sum.err()).contains("the probabilities of row 8 add up to 1.8");
        own.set(0, "square,oval");
        own.set(9, "0.1,0.9");
        Files.write(probabilities, own);
        assertThat(Invocation.of(words.toArray()).err()).contains("the columns of own.csv are square, oval");
        own.removeLast();
        Files.write(probabilities, own);
        assertThat(Invocation.of(words.toArray()).err()).contains("has 59 rows of probabilities, but there are 60");
    }

    /** A spreadsheet evaluates a cell that starts like a formula, and shows one with a leading apostrophe as text. */
    @Test
    void namesThatLookLikeFormulasAreWrittenAsText() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : kinds(40)) {
            lines.add(line.replace("round", "\"=cmd|'/c calc'!A1\"").replace("square", "-1"));
        }
        Path out = folder.resolve("formulas");
        json("group", table("formulas.csv", lines), "--label", "kind", "--clusters", 2, "--out", out);

        List<String> written = Files.readAllLines(out.resolve("assignments.csv"));
        assertThat(written).anyMatch(l -> l.endsWith(",'=cmd|'/c calc'!A1")).anyMatch(l -> l.endsWith(",-1"));
        assertThat(written).noneMatch(l -> l.contains(",=cmd"));
    }

    /** Rows of the classes 2, 10 and 1 in turns; each has most of the probability of its class. */
    @Test
    void probabilitiesOfNumberedClassesMayHaveNames() throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,kind"));
        List<String> named = new ArrayList<>(List.of("2,10,1"));
        List<String> ordered = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            lines.add(i + "," + List.of("2", "10", "1").get(i % 3));
            named.add(List.of("0.9,0.1,0", "0,1,0", "0,0.1,0.9").get(i % 3));
            ordered.add(List.of("0,0.9,0.1", "0,0,1", "0.9,0,0.1").get(i % 3));
        }
        Path data = table("numbered.csv", lines);
        for (List<String> own : List.of(named, ordered)) {
            Path out = folder.resolve("out" + own.size());
            json("audit", data, "--label", "kind", "--probabilities", table("p.csv", own), "--out", out);

            assertThat(Files.readAllLines(out.resolve("issues.csv")))
                    .as("only the header")
                    .hasSize(1);
        }
        named.set(0, "p2,p10,p1");
        named.removeLast();
        Path incomplete = table("p.csv", named);
        Invocation few =
                Invocation.of("audit", data, "--label", "kind", "--probabilities", incomplete, "--out", folder);
        assertThat(few.code()).isEqualTo(Faults.INPUT_ERROR);
        assertThat(few.err()).as("words above numbers").contains("has 59 rows of probabilities, but there are 60");
    }

    /** pandas names the columns of probabilities by the classes of the labels: booleans, or floats of whole numbers. */
    @Test
    void namesOfProbabilitiesAreSpelledLikeLabels() throws IOException {
        for (List<String> classes : List.of(List.of("True", "False"), List.of("1.0", "0.0"))) {
            List<String> lines = new ArrayList<>(List.of("a,kind"));
            List<String> own = new ArrayList<>(List.of(String.join(",", classes)));
            for (int i = 0; i < 60; i++) {
                lines.add(i + "," + classes.get(i == 5 ? 0 : i % 2));
                own.add(i % 2 == 0 ? "0.99,0.01" : "0.01,0.99");
            }
            Path data = table("given.csv", lines);
            Path out = folder.resolve("out" + classes.getFirst());
            json("audit", data, "--label", "kind", "--probabilities", table("own.csv", own), "--out", out);

            assertThat(Files.readAllLines(out.resolve("issues.csv")))
                    .hasSize(2)
                    .element(1)
                    .asString()
                    .startsWith("5,");
        }
    }
}
