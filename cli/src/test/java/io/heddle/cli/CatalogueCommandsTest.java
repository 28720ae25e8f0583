package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests group, similar and audit with a folder of PNG files and with a table. */
@Tag("slow")
class CatalogueCommandsTest {
    private static final int TABLE_ROWS = 120;

    @TempDir
    static Path folder;

    private static Path photos;
    private static Path labels;
    private static Path table;

    @BeforeAll
    static void write() throws IOException {
        photos = SamplePages.photos(folder.resolve("photos"));
        labels = SamplePages.wrongLabels(folder.resolve("labels.txt"));
        table = Files.write(folder.resolve("table.csv"), table());
    }

    /**
     * Three distant kinds. The second column has values in thousands, and rows 5, 25, 45 … have the next kind's name.
     */
    private static List<String> table() {
        SplittableRandom random = new SplittableRandom(2);
        List<String> lines = new ArrayList<>(List.of("width,price,kind"));
        for (int i = 0; i < TABLE_ROWS; i++) {
            int kind = i % 3;
            double width = 4 * kind + random.nextDouble();
            double price = 1000 * (kind == 1 ? 9 : 2) + 900 * random.nextDouble();
            lines.add("%s,%s,\"kind, %d\"".formatted(width, price, i % 20 == 5 ? (kind + 1) % 3 : kind));
        }
        return lines;
    }

    private static JsonNode json(Object... words) throws IOException {
        List<Object> all = new ArrayList<>(List.of(words));
        all.add("--json");
        Invocation heddle = Invocation.of(all.toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(heddle.errorLines()).allSatisfy(l -> assertThat(l).doesNotContain("\u001b"));
        return new ObjectMapper().readTree(heddle.out());
    }

    private static Document page(Path out) throws IOException {
        Document page = Jsoup.parse(Files.readString(out.resolve("index.html")));
        assertThat(page.select("script[src], link[rel=stylesheet], iframe, object, embed, img:not([alt])"))
                .isEmpty();
        assertThat(page.select("h1")).hasSize(1);
        assertThat(page.text()).doesNotContain("null", "NaN", "${");
        return page;
    }

    /** The lists of an audit's page, which its script displays. */
    private static JsonNode lists(Path out) throws IOException {
        return new ObjectMapper()
                .readTree(page(out).select("#chart-data").first().data())
                .get("lists");
    }

    @Test
    void groupWritesItsDocumentedOutputs() throws IOException {
        Path out = folder.resolve("ten");
        JsonNode result = json("group", photos, "--encoder", "none", "--clusters", 10, "--out", out);

        assertThat(result.get("clusters").intValue()).isEqualTo(10);
        assertThat(result.get("silhouette").doubleValue()).isBetween(0.2, 1.0);
        int sum = 0;
        for (JsonNode size : result.get("sizes")) {
            sum += size.intValue();
        }
        assertThat(result.get("sizes")).hasSize(10);
        assertThat(sum).isEqualTo(SamplePages.PHOTOS);
        assertThat(out.toFile().list()).containsExactlyInAnyOrder("index.html", "assignments.csv", "group.json");
        List<String> lines = Files.readAllLines(out.resolve("assignments.csv"));
        assertThat(lines).hasSize(SamplePages.PHOTOS + 1);
        assertThat(lines.getFirst()).isEqualTo("index,cluster,distance,label,file");
        assertThat(lines.get(1)).matches("0,\\d,[0-9.]+,kind 0,kind 0/000\\.png");
        assertThat(page(out).select("article.cluster")).hasSize(10);
    }

    @Test
    void groupChoosesTheNumberWithTheBestSilhouette() throws IOException {
        JsonNode result = json("group", table, "--label", "kind", "--standardize", "--out", folder.resolve("chosen"));

        assertThat(result.get("clusters").intValue()).isEqualTo(3);
        double best = result.get("silhouette").doubleValue();
        assertThat(result.get("tried"))
                .hasSize(19)
                .allSatisfy(t -> assertThat(t.get("silhouette").doubleValue()).isLessThanOrEqualTo(best + 1e-9));
        assertThat(page(folder.resolve("chosen")).select(".chip")).isNotEmpty();
    }

    @Test
    void columnsAreNotScaledByDefault() throws IOException {
        // Without scaling only the price, in thousands, has an effect, and it separates two kinds, not three.
        assertThat(json("group", table, "--drop", "kind", "--out", folder.resolve("plain"))
                        .get("clusters")
                        .intValue())
                .isNotEqualTo(3);
    }

    @Test
    void similarRowsAreRankedWithoutTheRowItself() throws IOException {
        Path out = folder.resolve("like-3");
        JsonNode result = json("similar", photos, "--encoder", "none", "--query", 3, "--top", 6, "--out", out);

        JsonNode neighbours = result.get("neighbours");
        assertThat(neighbours).hasSize(6);
        double before = 1;
        for (JsonNode pair : neighbours) {
            assertThat(pair).hasSize(2);
            assertThat(pair.get(0).intValue()).isNotEqualTo(3).isBetween(0, 14);
            assertThat(pair.get(1).doubleValue()).isLessThanOrEqualTo(before + 1e-6);
            before = pair.get(1).doubleValue();
        }
        assertThat(out.toFile().list()).containsExactlyInAnyOrder("index.html", "neighbours.csv", "similar.json");
        assertThat(Files.readAllLines(out.resolve("neighbours.csv")))
                .hasSize(7)
                .startsWith("query,rank,index,similarity,query_file,file")
                .element(1)
                .asString()
                .matches("3,1,\\d+,[0-9.]+,kind 0/030\\.png,kind \\d/\\d{3}\\.png");
        assertThat(result.get("names").get("kind").textValue()).isEqualTo("file");
        assertThat(result.get("names").get("queries").get(0).textValue()).isEqualTo("kind 0/030.png");
        assertThat(result.get("names").get("neighbours")).hasSize(6);
        assertThat(page(out).select(".query .album li")).hasSize(6);
    }

    @Test
    void aPhotoIsFoundAmongThePhotos() throws IOException {
        Path out = folder.resolve("like-photo");
        Path photo = photos.resolve("kind 4").resolve("024.png");
        JsonNode neighbours = json("similar", photos, "--encoder", "none", "--query", photo, "--top", 3, "--out", out)
                .get("neighbours");

        assertThat(neighbours.get(0).get(0).intValue()).isEqualTo(4 * 15 + 2);
        assertThat(neighbours.get(0).get(1).doubleValue()).isGreaterThan(0.9999);
        assertThat(page(out).select(".asked .q")).hasSize(1);
    }

    @Test
    void allRowsHaveTheirNeighbours() throws IOException {
        JsonNode result =
                json("similar", table, "--label", "kind", "--standardize", "--top", 4, "--out", folder.resolve("all"));

        assertThat(result.get("neighbours")).hasSize(TABLE_ROWS).allSatisfy(row -> assertThat(row)
                .hasSize(4));
        assertThat(result.get("metric").textValue()).isEqualTo("euclidean");
        assertThat(result.get("sameLabel").doubleValue()).isGreaterThan(0.8);
    }

    @Test
    void auditFindsTheWrongLabels() throws IOException {
        Path out = folder.resolve("audited");
        JsonNode result = json("audit", photos, "--encoder", "none", "--labels", labels, "--out", out);

        assertThat(result.get("found").intValue()).isEqualTo(result.get("rows").size());
        List<Integer> found = new ArrayList<>();
        double before = 1;
        for (JsonNode row : result.get("rows")) {
            found.add(row.get("index").intValue());
            assertThat(row.get("given").textValue())
                    .isNotEqualTo(row.get("suggested").textValue());
            assertThat(row.get("margin").doubleValue()).isPositive().isLessThanOrEqualTo(before);
            before = row.get("margin").doubleValue();
        }
        List<Integer> wrong = new ArrayList<>();
        for (int i = 7; i < SamplePages.PHOTOS; i += SamplePages.FLIPPED_EVERY) {
            wrong.add(i);
        }
        assertThat(found).containsAll(wrong).hasSizeLessThanOrEqualTo(wrong.size() + 2);
        assertThat(out.toFile().list())
                .containsExactlyInAnyOrder("index.html", "issues.csv", "duplicates.csv", "outliers.csv", "audit.json");
        assertThat(Files.readString(out.resolve("issues.csv"))).startsWith("index,given,suggested,margin,file");
        assertThat(result.get("rows").get(0).get("file").textValue()).matches("kind \\d/\\d{3}\\.png");
        assertThat(lists(out).get("issues")).hasSize(found.size());
    }

    @Test
    void auditReadsTheLabelColumn() throws IOException {
        JsonNode result = json("audit", table, "--label", "kind", "--standardize", "--out", folder.resolve("table"));

        List<Integer> found = new ArrayList<>();
        result.get("rows").forEach(r -> found.add(r.get("index").intValue()));
        assertThat(found).hasSizeGreaterThan(3).isSubsetOf(5, 25, 45, 65, 85, 105);
        assertThat(Files.readString(folder.resolve("table").resolve("issues.csv")))
                .contains("\"kind, ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "audit TABLE --drop kind                | has no labels to audit: name them with --labels FILE or --label COLUMN",
                "similar PHOTOS --query 150             | --query 150 is not a row of photos: rows are 0 to 149",
                "similar PHOTOS --query -1              | --query -1 is not a row of photos: rows are 0 to 149",
                "similar PHOTOS --top 150               | --top 150 is more than the 149 other rows of photos",
                "similar PHOTOS --query no-such.png     | there is no file or folder no-such.png",
                "similar PHOTOS --query 1 --all         | mutually exclusive",
                "similar PHOTOS --pixels -1             | --pixels must be 0 or more, not -1.0",
                "group PHOTOS --clusters 1              | --clusters must be 2 or more, not 1",
                "group PHOTOS --components 0            | --components must be 1 or more, not 0",
                "group TABLE --label nothing            | nothing",
                "audit PHOTOS --folds 1                 | an audit needs 2 folds or more, not 1",
                "audit PHOTOS --no-such-option          | --no-such-option",
                "group no-such-folder                   | there is no file or folder no-such-folder",
            })
    void invalidRequestsAreRefusedInOneSentence(String words, String sentence) {
        Path out = folder.resolve("never");
        List<Object> args = new ArrayList<>();
        for (String word : words.strip().split(" +")) {
            args.add(word.equals("PHOTOS") ? photos : word.equals("TABLE") ? table : word);
        }
        args.addAll(List.of("--encoder", "none", "--out", out));
        Invocation heddle = Invocation.of(args.toArray());

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.out()).isEmpty();
        assertThat(heddle.errorLines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("heddle: ")
                .contains(sentence.strip());
        assertThat(out).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"group", "similar", "audit"})
    void helpHasExamplesAndFitsTheTerminal(String command) {
        Invocation heddle = Invocation.of(command, "--help");

        assertThat(heddle.code()).isZero();
        assertThat(heddle.out()).contains("Examples:", "heddle " + command, "--json", "--out");
        assertThat(heddle.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    }
}
