package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.WebElement;

/** Tests pages of a table with more classes than a confusion matrix can show, some with long names. */
@Tag("browser")
class ManyClassesInBrowserTest {
    private static final int CLASSES = 21;
    private static final int ROWS = 14 * CLASSES;
    private static final int COLUMNS = 6;
    /** Rows that have the label of another class. */
    private static final int WRONG = 4;

    @TempDir
    static Path folder;

    private static Path group;
    private static Path audit;
    private static Browser browser;

    @BeforeAll
    static void makePages() throws IOException {
        browser = Browser.open();
        Random random = new Random(7);
        double[][] centres = new double[CLASSES][COLUMNS];
        for (double[] centre : centres) {
            Arrays.setAll(centre, c -> 10 * random.nextGaussian());
        }
        StringBuilder text = new StringBuilder("kind,a property that has a long name,b,c,d,e,f\n");
        StringBuilder probabilities = new StringBuilder(IntStream.range(0, CLASSES)
                .mapToObj(ManyClassesInBrowserTest::name)
                .collect(Collectors.joining(",")));
        for (int i = 0; i < ROWS; i++) {
            int kind = i % CLASSES;
            boolean wrong = kind == 3 && i < WRONG * CLASSES || kind == 10 && i < 2 * CLASSES;
            text.append(name(wrong ? kind + 1 : kind));
            probabilities
                    .append('\n')
                    .append(IntStream.range(0, CLASSES)
                            .mapToObj(c -> c == kind ? "0.9" : "0.005")
                            .collect(Collectors.joining(",")));
            for (double centre : centres[kind]) {
                text.append(",%.3f".formatted(centre + random.nextGaussian() / 2));
            }
            text.append('\n');
        }
        Path table = Files.writeString(folder.resolve("many.csv"), text);
        Path file = Files.writeString(folder.resolve("probabilities.csv"), probabilities.append('\n'));
        group = page("group", table, "--clusters", CLASSES);
        audit = page("audit", table, "--probabilities", file);
    }

    private static String name(int label) {
        return "kind %02d%s".formatted(label, label % 6 == 4 ? " with a name that takes many letters" : "");
    }

    private static Path page(String command, Path table, Object... more) {
        Path out = folder.resolve(command);
        Object[] words = new Object[6 + more.length];
        System.arraycopy(new Object[] {command, table, "--label", "kind", "--out", out}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        Invocation heddle = Invocation.of(words);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return out.resolve("index.html");
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"390, false", "390, true", "1280, false"})
    void nothingIsWiderThanThePageAndEverythingCanBeRead(int width, boolean dark) {
        for (Path page : new Path[] {group, audit}) {
            browser.show(page, width, dark);
            // Without features, as with given probabilities, there is no map.
            if (page.equals(group)) {
                browser.awaitMap();
                browser.one("#map-legend button").click();
            }

            assertThat(browser.script("return document.documentElement.scrollWidth"))
                    .isEqualTo(browser.script("return document.documentElement.clientWidth"));
            // The names of a chart are within its box and do not overlap.
            assertThat(browser.script("""
                    return [...document.querySelectorAll('.chart')].flatMap(chart => {
                      const box = chart.getBoundingClientRect();
                      const texts = [...chart.querySelectorAll('text')];
                      const turned = texts.filter(t => t.getAttribute('transform')).map(t => t.getBoundingClientRect());
                      return [...texts.filter(t => {
                        const r = t.getBoundingClientRect();
                        return r.left < box.left - 4 || r.right > box.right + 4 || r.bottom > box.bottom + 4;
                      }).map(t => t.textContent), ...turned.filter((r, i) => i > 0 && r.right - turned[i - 1].right < 9).map(() => 'too near')];
                    });
                    """))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .isEmpty();
            assertThat(browser.console()).isEmpty();
            assertThat(browser.accessibilityProblems()).isEmpty();
        }
    }

    @Test
    void pairsOfLabelsAreAListThatFilters() {
        browser.show(audit, 390, false);
        WebElement pair = browser.one(".listed-pairs button[data-truth]");
        String count = pair.getDomAttribute("data-count");
        assertThat(count).isEqualTo(Integer.toString(WRONG));
        pair.click();

        assertThat(pair.getDomAttribute("aria-pressed")).isEqualTo("true");
        assertThat(browser.all("#issues > .cases > .case").stream().filter(WebElement::isDisplayed))
                .hasSize(Integer.parseInt(count))
                .allSatisfy(item -> assertThat(item.getText()).contains("kind 03"));
        // The values of a row are decompressed after the page is displayed.
        browser.await(() -> (boolean) browser.script("return heddle.row(0).length === 6"));
        assertThat((String) browser.script("return heddle.said(0)")).matches("row \\d+, kind \\d\\d.*(, [-\\d.]+){6}");
        pair.click();
        assertThat(pair.getDomAttribute("aria-pressed")).isEqualTo("false");
        assertThat(browser.all(".elsewhere")).isEmpty();
        assertThat(browser.console()).isEmpty();
    }
}
