package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

/** Tests the dependencies of the modules in their poms. */
class PomsTest {
    private static final Path ROOT = Path.of("..");

    private record Dependency(String module, String group, String artifact, String scope) {}

    private static Document pom(Path file) throws Exception {
        return Jsoup.parse(Files.readString(file), Parser.xmlParser());
    }

    /** Every dependency of every module except those for which the parent only manages the version. */
    private static List<Dependency> dependencies() throws Exception {
        List<Dependency> found = new ArrayList<>();
        for (Element module : pom(ROOT.resolve("pom.xml")).select("project > modules > module")) {
            for (Element d : pom(ROOT.resolve(module.text()).resolve("pom.xml")).select("dependencies > dependency")) {
                if (d.closest("dependencyManagement") == null && d.closest("plugin") == null) {
                    found.add(new Dependency(
                            module.text(),
                            d.select("> groupId").text(),
                            d.select("> artifactId").text(),
                            d.select("> scope").text()));
                }
            }
        }
        assertThat(found).extracting(Dependency::module).contains("engine/core", "engine/cnn", "cli", "bench");
        return found;
    }

    /** Smile is under the GPL, so only the benchmarks may use it. */
    @Test
    void smileIsUsedInBenchOnly() throws Exception {
        assertThat(dependencies())
                .filteredOn(d -> d.group.startsWith("com.github.haifengl"))
                .allMatch(d -> d.module.equals("bench"));
        assertThat(dependencies()).noneMatch(d -> d.artifact.equals("heddle-bench"));
    }

    @Test
    void modulesForTestsAreNeverPublished() throws Exception {
        for (String module : List.of("bench", "engine/widths")) {
            Element properties = pom(ROOT.resolve(module + "/pom.xml")).selectFirst("project > properties");
            assertThat(properties.select("maven\\.deploy\\.skip").text()).isEqualTo("true");
            assertThat(properties.select("maven\\.install\\.skip").text()).isEqualTo("true");
        }
    }

    @Test
    void coreDependsOnNothingButFastutil() throws Exception {
        assertThat(dependencies())
                .filteredOn(d -> d.module.equals("engine/core") && !d.scope.equals("test"))
                .extracting(Dependency::artifact)
                .containsExactly("fastutil-core");
    }

    @Test
    void dependenciesHaveOneDirection() throws Exception {
        assertThat(dependencies())
                .filteredOn(d -> d.group.equals("io.heddle") && d.module.startsWith("engine/"))
                .extracting(Dependency::artifact)
                .containsOnly("heddle-core");
    }

    @Test
    void everyVersionIsPinnedInTheParent() throws Exception {
        try (Stream<Path> poms = Stream.of("engine/core", "engine/widths", "engine/cnn", "engine/bom", "cli", "bench")
                .map(m -> ROOT.resolve(m + "/pom.xml"))) {
            for (Path file : poms.toList()) {
                for (Element version : pom(file).select("version")) {
                    assertThat(version.text()).as("a version in %s", file).matches("\\$\\{(revision|[a-z.]+version)}");
                }
            }
        }
        for (Element version : pom(ROOT.resolve("pom.xml")).select("version, properties > *")) {
            assertThat(version.text()).doesNotContain("LATEST", "RELEASE").doesNotStartWith("[0");
        }
    }

    @Test
    void theBomNamesEveryLibrary() throws Exception {
        List<String> libraries = new ArrayList<>();
        for (Element module : pom(ROOT.resolve("pom.xml")).select("project > modules > module")) {
            Document pom = pom(ROOT.resolve(module.text()).resolve("pom.xml"));
            if (module.text().startsWith("engine/")
                    && pom.select("project > packaging").isEmpty()) {
                libraries.add(pom.select("project > artifactId").text());
            }
        }
        assertThat(libraries).contains("heddle-core", "heddle-cnn");
        assertThat(pom(ROOT.resolve("engine/bom/pom.xml"))
                        .select("dependencyManagement artifactId")
                        .eachText())
                .containsExactlyInAnyOrderElementsOf(libraries);
    }

    @Test
    void aReleasedVersionHasADatedEntryInTheChangelog() throws Exception {
        Element properties = pom(ROOT.resolve("pom.xml")).selectFirst("project > properties");
        String version = properties.select("revision").text();
        List<String> headings = Files.readAllLines(ROOT.resolve("CHANGELOG.md")).stream()
                .filter(line -> line.startsWith("## "))
                .toList();
        assertThat(headings.getFirst()).isEqualTo("## [Unreleased]");
        assertThat(headings.subList(1, headings.size()))
                .isNotEmpty()
                .allMatch(heading -> heading.matches("## \\[\\d+\\.\\d+\\.\\d+] - \\d{4}-\\d\\d-\\d\\d"));
        if (!version.endsWith("-SNAPSHOT")) {
            String built =
                    properties.select("project\\.build\\.outputTimestamp").text();
            assertThat(headings.get(1)).isEqualTo("## [%s] - %s", version, built.substring(0, 10));
        }
    }

    @Test
    void theWrapperChecksTheMavenThatItFetches() throws Exception {
        assertThat(Files.readAllLines(ROOT.resolve(".mvn/wrapper/maven-wrapper.properties")))
                .contains("distributionType=only-script")
                .anyMatch(line -> line.startsWith("distributionUrl=https://"))
                .anyMatch(line -> line.matches("distributionSha256Sum=[0-9a-f]{64}"));
    }
}
