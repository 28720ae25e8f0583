package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the whole command with a few hundred drawn images and the real encoder. */
@Tag("study")
class StudyRunTest {
    private static final int TRAIN = 300;
    private static final int TEST = 100;
    private static final long MAXIMUM_PAGE_BYTES = 5_000_000;

    @TempDir
    static Path folder;

    private static Invocation heddle;
    private static JsonNode metrics;
    private static Document page;

    @BeforeAll
    static void run() throws IOException {
        Path images = Files.createDirectory(folder.resolve("images"));
        DrawnImages.write(images, TRAIN, TEST);
        heddle = Invocation.of(
                "run",
                "--data",
                images,
                "--out",
                folder.resolve("report"),
                "--seeds",
                3,
                "--feature-classifier",
                "mean",
                "--json",
                "--threads",
                2);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        metrics = new ObjectMapper().readTree(heddle.out());
        page = Jsoup.parse(Files.readString(folder.resolve("report").resolve("index.html")));
    }

    @Test
    void writesTwoFilesAndNothingElse() {
        assertThat(folder.resolve("report").toFile().list()).containsExactlyInAnyOrder("index.html", "metrics.json");
    }

    @Test
    void printsTheContentOfMetricsJsonAlone() throws IOException {
        assertThat(heddle.out())
                .isEqualTo(Files.readString(folder.resolve("report").resolve("metrics.json")));
    }

    @Test
    void printsEachStageAndTheFiguresOfTheStudy() {
        assertThat(heddle.err())
                .contains(
                        "Logistic regression",
                        "Elastic net",
                        "Image features",
                        "K-means",
                        "Neighbour clustering",
                        "images/s")
                .contains("71 %", "75 %", "0.45-0.50", "0.50-0.55")
                .doesNotContain("\u001b", "\r");
        assertThat(heddle.errorLines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    }

    /** Tests that metrics.json has each documented key with its type. */
    @ParameterizedTest
    @CsvSource({
        "/heddle, STRING",
        "/data/name, STRING",
        "/data/train, NUMBER",
        "/data/test, NUMBER",
        "/logistic/lambda, NUMBER",
        "/logistic/l1Ratio, NUMBER",
        "/logistic/accuracy, NUMBER",
        "/logistic/precision, NUMBER",
        "/logistic/recall, NUMBER",
        "/logistic/f1, NUMBER",
        "/logistic/objective, NUMBER",
        "/logistic/certificate/kind, STRING",
        "/logistic/certificate/relative, NUMBER",
        "/logistic/seconds, NUMBER",
        "/elasticNet/lambda, NUMBER",
        "/elasticNet/l1Ratio, NUMBER",
        "/elasticNet/accuracy, NUMBER",
        "/elasticNet/precision, NUMBER",
        "/elasticNet/recall, NUMBER",
        "/elasticNet/f1, NUMBER",
        "/elasticNet/objective, NUMBER",
        "/elasticNet/certificate/kind, STRING",
        "/elasticNet/certificate/relative, NUMBER",
        "/elasticNet/seconds, NUMBER",
        "/elasticNet/nonZeros, NUMBER",
        "/clustering/encoder, STRING",
        "/clustering/components, NUMBER",
        "/clustering/explainedVarianceRatio, NUMBER",
        "/clustering/ari, NUMBER",
        "/clustering/nmi, NUMBER",
        "/clustering/accuracy, NUMBER",
        "/clustering/inertia, NUMBER",
        "/clustering/seconds/features, NUMBER",
        "/clustering/seconds/pca, NUMBER",
        "/clustering/seconds/kmeans, NUMBER",
        "/neighborClustering/encoder, STRING",
        "/neighborClustering/components, NUMBER",
        "/neighborClustering/explainedVarianceRatio, NUMBER",
        "/neighborClustering/ari, NUMBER",
        "/neighborClustering/nmi, NUMBER",
        "/neighborClustering/accuracy, NUMBER",
        "/neighborClustering/inertia, NUMBER",
        "/neighborClustering/median/ari, NUMBER",
        "/neighborClustering/seconds/features, NUMBER",
        "/neighborClustering/seconds/pca, NUMBER",
        "/neighborClustering/seconds/kmeans, NUMBER",
        "/featureClassifier/encoder, STRING",
        "/featureClassifier/dimensions, NUMBER",
        "/featureClassifier/lambda, NUMBER",
        "/featureClassifier/accuracy, NUMBER",
        "/featureClassifier/precision, NUMBER",
        "/featureClassifier/recall, NUMBER",
        "/featureClassifier/f1, NUMBER",
        "/featureClassifier/certificate/kind, STRING",
        "/featureClassifier/certificate/relative, NUMBER",
        "/featureClassifier/seconds, NUMBER",
        "/seconds, NUMBER",
        "/environment/cpu, STRING",
        "/environment/threads, NUMBER",
        "/environment/lanes, NUMBER",
        "/environment/java, STRING",
    })
    void metricsHaveTheKey(String pointer, String type) {
        assertThat(metrics.at(pointer).getNodeType()).hasToString(type);
    }

    @Test
    void metricsAreThoseOfTheStudy() {
        assertThat(metrics.at("/data/train").intValue()).isEqualTo(TRAIN);
        assertThat(metrics.at("/data/test").intValue()).isEqualTo(TEST);
        assertThat(metrics.at("/logistic/lambda").doubleValue()).isEqualTo(1e-4);
        assertThat(metrics.at("/logistic/l1Ratio").doubleValue()).isZero();
        assertThat(metrics.at("/elasticNet/l1Ratio").doubleValue()).isEqualTo(0.5);
        assertThat(metrics.at("/elasticNet/nonZeros").intValue()).isBetween(1, 7839);
        assertThat(metrics.at("/clustering/components").intValue()).isEqualTo(50);
        assertThat(metrics.at("/environment/threads").intValue()).isEqualTo(2);
        // The ten shapes are easy to separate.
        assertThat(metrics.at("/logistic/accuracy").doubleValue()).isGreaterThan(0.95);
        assertThat(metrics.at("/elasticNet/accuracy").doubleValue()).isGreaterThan(0.95);
        assertThat(metrics.at("/featureClassifier/accuracy").doubleValue()).isGreaterThan(0.95);
        assertThat(metrics.at("/featureClassifier/dimensions").intValue()).isEqualTo(256);
        assertThat(metrics.at("/clustering/dimensions").intValue()).isEqualTo(256);
        assertThat(metrics.at("/clustering/nmi").doubleValue()).isGreaterThan(0.5);
        assertThat(metrics.at("/neighborClustering/nmi").doubleValue()).isGreaterThan(0.5);
        // Neither minimizes the inertia of k-means, on rows of another scale.
        assertThat(metrics.at("/neighborClustering/inertia").doubleValue()).isPositive();
        assertThat(metrics.at("/logistic/certificate/relative").doubleValue()).isLessThan(1e-3);
        assertThat(metrics.at("/elasticNet/certificate/relative").doubleValue()).isLessThan(1e-3);
    }

    @Test
    void metricsAgreeWithOneAnother() {
        for (String name : List.of("logistic", "elasticNet")) {
            JsonNode classifier = metrics.get(name);
            long right = 0;
            long all = 0;
            for (int t = 0; t < 10; t++) {
                right += classifier.at("/confusion/" + t + "/" + t).longValue();
                for (JsonNode count : classifier.at("/confusion/" + t)) {
                    all += count.longValue();
                }
            }
            assertThat(all).isEqualTo(TEST);
            assertThat(classifier.get("accuracy").doubleValue()).isCloseTo((double) right / all, within(1e-12));
        }
        for (String name : List.of("clustering", "neighborClustering")) {
            agreesWithItself(metrics.get(name));
        }
    }

    private static void agreesWithItself(JsonNode clustering) {
        int members = 0;
        for (JsonNode size : clustering.get("sizes")) {
            members += size.intValue();
        }
        assertThat(members).isEqualTo(TRAIN + TEST);
        assertThat(clustering.at("/seeds")).hasSize(3);
        assertThat(clustering.at("/seeds/0/ari")).isEqualTo(clustering.get("ari"));
        double[] aris = {
            clustering.at("/seeds/0/ari").doubleValue(),
            clustering.at("/seeds/1/ari").doubleValue(),
            clustering.at("/seeds/2/ari").doubleValue()
        };
        java.util.Arrays.sort(aris);
        assertThat(clustering.at("/median/ari").doubleValue()).isEqualTo(aris[1]);
    }

    @Test
    void theMethodOfTheStudyIsKMeansAlone() throws IOException {
        Invocation alone = Invocation.of(
                "run",
                "--data",
                folder.resolve("images"),
                "--out",
                folder.resolve("kmeans"),
                "--seeds",
                3,
                "--json",
                "--clustering",
                "kmeans");

        assertThat(alone.code()).as(alone.err()).isZero();
        JsonNode found = new ObjectMapper().readTree(alone.out());
        assertThat(found.has("neighborClustering")).isFalse();
        assertThat(found.has("featureClassifier")).isFalse();
        assertThat(found.at("/clustering/ari")).isEqualTo(metrics.at("/clustering/ari"));
        assertThat(page.select("#routes-title")).hasSize(1);
        assertThat(Jsoup.parse(Files.readString(folder.resolve("kmeans").resolve("index.html")))
                        .select("#routes-title"))
                .isEmpty();
    }

    @Test
    void anotherNumberOfThreadsGivesTheSameFigures() throws IOException {
        Invocation alone = Invocation.of(
                "run",
                "--data",
                folder.resolve("images"),
                "--out",
                folder.resolve("alone"),
                "--seeds",
                3,
                "--feature-classifier",
                "mean",
                "--json",
                "--threads",
                1);

        assertThat(alone.code()).as(alone.err()).isZero();
        assertThat(withoutTimes(new ObjectMapper().readTree(alone.out()))).isEqualTo(withoutTimes(metrics));
    }

    private static JsonNode withoutTimes(JsonNode root) {
        ObjectNode copy = root.deepCopy();
        copy.remove(List.of("seconds", "stages"));
        ((ObjectNode) copy.get("environment")).remove("threads");
        for (String part : List.of("logistic", "elasticNet", "clustering", "neighborClustering", "featureClassifier")) {
            ((ObjectNode) copy.get(part)).remove("seconds");
        }
        return copy;
    }

    @Test
    void thePageLoadsNothingFromOtherPlaces() throws IOException {
        for (Element element : page.getAllElements()) {
            for (Attribute attribute : element.attributes()) {
                String name = attribute.getKey();
                if (List.of("src", "href", "srcset", "data", "poster", "action").contains(name)) {
                    assertThat(attribute.getValue()).as(element.tagName()).matches("(?s)(data:|#).*");
                }
            }
        }
        for (Element style : page.select("style")) {
            assertThat(style.data()).doesNotContain("@import").doesNotContainPattern("url\\(\\s*+[\"']?+(?!data:)");
        }
        assertThat(page.select("script[src], link[rel=stylesheet], iframe, object, embed"))
                .isEmpty();
        assertThat(Files.size(folder.resolve("report").resolve("index.html"))).isLessThan(MAXIMUM_PAGE_BYTES);
    }

    @Test
    void thePageHasTheResultsOfTheStudy() {
        assertThat(page.select("table.confusion")).hasSize(2);
        assertThat(page.select("table.confusion tbody td")).hasSize(200);
        assertThat(page.select(".weights img")).hasSize(20);
        assertThat(page.select(".way[data-way=neighbors] article.cluster")).hasSize(10);
        assertThat(page.select(".way[data-way=kmeans] article.cluster")).hasSize(10);
        assertThat(page.select(".sample")).hasSize(10);
        for (String chart : List.of("labels", "variance", "clusters", "stages")) {
            assertThat(page.select("#chart-" + chart + "[role=img][aria-label]"))
                    .hasSize(1);
        }
        assertThat(page.select("#command").text()).startsWith("heddle run ").contains("--seeds 3");
        assertThat(page.select("img:not([alt])")).isEmpty();
        assertThat(page.select("h1")).hasSize(1);
        // No name, number or attribute is empty.
        assertThat(page.text()).doesNotContain("null", "NaN", "${");
    }
}
