package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** Tests the labels of groups that are accepted, named, merged or excluded. */
class GroupApplyTest {
    @TempDir
    static Path folder;

    private static Path table;
    private static Path groups;

    @BeforeAll
    static void group() throws IOException {
        table = Files.copy(Path.of("../docs/examples/flowers.csv"), folder.resolve("flowers.csv"));
        groups = folder.resolve("groups");
        Invocation heddle =
                Invocation.of("group", table, "--label", "species", "--standardize", "--clusters", 3, "--out", groups);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(heddle.errorLines().getLast()).startsWith("Next: ").contains("heddle group apply");
    }

    private static Invocation apply(Path decisions, Path out) {
        return apply(decisions, table, out);
    }

    private static Invocation apply(Path decisions, Path data, Path out) {
        return Invocation.of(
                "group",
                "apply",
                decisions,
                data,
                "--label",
                "species",
                "--assignments",
                groups.resolve("assignments.csv"),
                "--out",
                out);
    }

    private static List<String> clusters() throws IOException {
        return Files.readAllLines(groups.resolve("assignments.csv")).stream()
                .skip(1)
                .map(line -> line.split(",")[1])
                .toList();
    }

    @Test
    void theNextAuditReadsTheEncodingThatWasWritten() throws IOException {
        Path decisions = Files.writeString(folder.resolve("renamed.csv"), "group,decision,label\n0,rename,small\n");
        Invocation heddle = Invocation.of(
                "group",
                "apply",
                decisions,
                table,
                "--label",
                "species",
                "--encoding",
                "windows-1252",
                "--assignments",
                groups.resolve("assignments.csv"),
                "--out",
                folder.resolve("recoded"));

        assertThat(heddle.errorLines().getLast()).startsWith("Next: ").doesNotContain("--encoding");
    }

    @Test
    void groupsBecomeAColumn() throws IOException {
        Path decisions = Files.writeString(folder.resolve("mine.csv"), """
                group,decision,label
                0,rename,"small, blue"
                1,merge,0
                2,exclude,
                """);
        Path out = folder.resolve("labelled");
        Invocation heddle = apply(decisions, out);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        List<String> lines = Files.readAllLines(out.resolve("flowers.csv"));
        long excluded = clusters().stream().filter("2"::equals).count();
        assertThat(lines).hasSize(151 - (int) excluded);
        assertThat(lines.getFirst()).endsWith(",species,group");
        assertThat(lines.subList(1, lines.size())).allSatisfy(l -> assertThat(l).endsWith(",\"small, blue\""));
        assertThat(heddle.out()).contains("1 label, %d rows excluded".formatted(excluded));
        assertThat(heddle.errorLines().getLast()).endsWith("--label group --drop species");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,merge,1 / 1,merge,0            | merges group 0 in a cycle",
                "0,merge,0                        | merges group 0 in a cycle",
                "0,rename,                        | line 2 renames group 0, but its label is empty",
                "0,merge,blue                     | line 2 has 'blue' in the column 'label', which is a whole number from 0",
                "0,merge,9                        | line 2 merges group 0 into group 9, which does not exist",
                "7,accept,                        | line 2 is about group 7, which",
                "0,accept, / 0,exclude,           | line 3 decides about group 0 again, after line 2; keep one",
                "0,drop,                          | line 2 decides 'drop'; a decision is accept, rename, merge or exclude",
                "0,exclude, / 1,exclude, / 2,merge,1 | excludes all groups: no row is left",
                "x,accept,                        | line 2 has 'x' in the column 'group'",
            })
    void ambiguousDecisionsAreRefused(String lines, String sentence) throws IOException {
        Path decisions = Files.writeString(
                folder.resolve("bad.csv"), "group,decision,label\n" + lines.replace(" / ", "\n") + "\n");
        Path out = folder.resolve("never");
        Invocation heddle = apply(decisions, out);

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.errorLines()).singleElement().asString().contains(sentence);
        assertThat(out).doesNotExist();
    }

    @Test
    void decisionsAboutOtherDataAreRefused() throws IOException {
        Path decisions = Files.writeString(folder.resolve("other.csv"), "group,decision,label,data\n0,accept,,0123\n");

        assertThat(apply(decisions, folder.resolve("no")).err()).contains("is about other data than flowers.csv");
    }

    /** The hash is optional, so without it only labels that contradict the data reveal another data set. */
    @Test
    void groupsOfOtherDataOfTheSameSizeAreRefused() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(table));
        Collections.reverse(lines.subList(1, lines.size()));
        Path reversed = Files.write(folder.resolve("reversed.csv"), lines);
        Path decisions = Files.writeString(folder.resolve("plain.csv"), "group,decision,label\n0,accept,\n");
        Path out = folder.resolve("mixed");
        Invocation heddle = apply(decisions, reversed, out);

        assertThat(heddle.code()).isEqualTo(2);
        assertThat(heddle.errorLines())
                .singleElement()
                .asString()
                .contains("line 2 has the label 'setosa', but row 0 of reversed.csv has 'virginica'");
        assertThat(out).doesNotExist();
    }

    /** The IDs of the grouping can be compared only with those of the data. */
    @Test
    void groupsOfRowsWithIdsNeedThem() throws IOException {
        Path data = Files.writeString(folder.resolve("ids.csv"), "id,x\nb,1\na,2\n");
        Path assignments = Files.writeString(folder.resolve("a.csv"), "index,cluster,id\n0,0,a\n1,1,b\n");
        Path decisions = Files.writeString(folder.resolve("d.csv"), "group,decision,label\n0,rename,first\n");
        List<Object> words =
                new ArrayList<>(List.of("group", "apply", decisions, data, "--assignments", assignments, "--dry-run"));

        assertThat(Invocation.of(words.toArray()).err())
                .contains("line 2 is about the row a, but ids.csv is read without IDs; --id COLUMN names their column");
        words.addAll(List.of("--id", "id"));
        assertThat(Invocation.of(words.toArray()).err()).contains("line 2 is about a, but row 0 is b");
    }

    @Test
    void onlyTheLargestOfManyLabelsArePrinted() throws IOException {
        Path data = Files.writeString(
                folder.resolve("many.csv"),
                IntStream.range(0, 60).mapToObj(i -> i + "," + i).collect(Collectors.joining("\n", "x,y\n", "\n")));
        Path assignments = Files.writeString(
                folder.resolve("a.csv"),
                IntStream.range(0, 60)
                        .mapToObj(i -> i + "," + Math.min(i, 49))
                        .collect(Collectors.joining("\n", "index,cluster\n", "\n")));
        Path decisions = Files.writeString(
                folder.resolve("d.csv"),
                IntStream.range(0, 50)
                        .mapToObj(i -> "%d,rename,kind %d".formatted(i, i))
                        .collect(Collectors.joining("\n", "group,decision,label\n", "\n")));
        Object[] words = {"group", "apply", decisions, data, "--assignments", assignments, "--dry-run"};
        Invocation heddle = Invocation.of(words);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        assertThat(heddle.out().lines()).hasSize(22).endsWith("  and 30 labels more");
        assertThat(heddle.out().lines().skip(1)).startsWith("  11     kind 49", "  1      kind 0");
    }

    @Test
    @Tag("browser")
    void decisionsOnThePageBecomeLabels() throws IOException {
        try (Browser browser = Browser.open()) {
            browser.show(groups.resolve("index.html"), 390, false);
            browser.script("localStorage.clear()");
            browser.show(groups.resolve("index.html"), 390, false);
            String card = "document.querySelector('.cluster[data-cluster=\"%d\"] .open').focus()";
            Actions actions = new Actions(browser.driver());
            browser.script(card.formatted(0));
            new Actions(browser.driver()).sendKeys("a").perform();
            browser.script(card.formatted(1));
            new Actions(browser.driver()).sendKeys("x").sendKeys("u").perform();
            browser.script(card.formatted(1));
            new Actions(browser.driver()).sendKeys("n").perform();
            new Actions(browser.driver())
                    .sendKeys("tall ones")
                    .sendKeys(Keys.ENTER)
                    .perform();
            browser.script(card.formatted(2));
            actions.sendKeys("x").perform();
            assertThat(browser.one("#decided").getText()).isEqualTo("3");
            assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                    .isEqualTo(true);
            Path downloads = Files.createDirectories(folder.resolve("downloads"));
            browser.driver()
                    .executeCdpCommand(
                            "Browser.setDownloadBehavior",
                            Map.of("behavior", "allow", "downloadPath", downloads.toString()));
            browser.one("#export").click();
            Path file = downloads.resolve("groups.csv");
            browser.await(() -> Files.isRegularFile(file));
            assertThat(browser.console()).isEmpty();
            Path out = folder.resolve("from-page");
            Invocation heddle = apply(file, out);

            assertThat(heddle.code()).as(heddle.err()).isZero();
            Map<String, Long> made = Files.readAllLines(out.resolve("labels.csv")).stream()
                    .skip(1)
                    .collect(Collectors.groupingBy(l -> l.split(",")[1], Collectors.counting()));
            assertThat(made)
                    .hasSize(2)
                    .containsEntry(
                            "tall ones", clusters().stream().filter("1"::equals).count());
        }
    }
}
