package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Tests every page in Chromium. */
@Tag("browser")
class PagesInBrowserTest {
    private static final long MAXIMUM_PAGE_BYTES = 5_000_000;
    private static final int WIDE = 1280;
    private static final int PHONE = 390;

    @TempDir
    static Path folder;

    private static final Map<String, Path> PAGES = new LinkedHashMap<>();
    private static Browser browser;

    @BeforeAll
    static void makePages() throws IOException {
        browser = Browser.open();
        Path photos = SamplePages.photos(folder.resolve("photos"));
        Path labels = SamplePages.wrongLabels(folder.resolve("labels.txt"));
        PAGES.put("study", SamplePages.study(folder));
        PAGES.put("group", SamplePages.group(photos, folder.resolve("group")));
        PAGES.put("similar", SamplePages.similar(photos, folder.resolve("similar")));
        PAGES.put("audit", SamplePages.audit(photos, labels, folder.resolve("audit")));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "study, 4",
        "group, 2",
        "similar, 1",
        "audit, 1",
    })
    void loadsWithoutErrorsAndDrawsItsCharts(String page, int charts) throws IOException {
        for (boolean dark : new boolean[] {false, true}) {
            browser.show(PAGES.get(page), WIDE, dark);

            assertThat(browser.console()).isEmpty();
            assertThat(browser.all(".chart")).hasSize(charts).allSatisfy(chart -> {
                String id = chart.getDomAttribute("id");
                Object marks = browser.script("""
                        return arguments[0].querySelectorAll('svg :is(path, rect, circle)').length;
                        """, chart);
                assertThat(((Number) marks).intValue()).as(id).isGreaterThan(5);
            });
            if (!page.equals("similar")) {
                browser.awaitMap();
                Object colours = browser.script("""
                        const canvas = document.getElementById('map-canvas');
                        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                        return new Set(new Uint32Array(pixels.buffer)).size;
                        """);
                assertThat(((Number) colours).intValue()).isGreaterThan(20);
            }
            assertThat(browser.console()).isEmpty();
        }
        assertThat(Files.size(PAGES.get(page))).isLessThan(MAXIMUM_PAGE_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"study", "group", "similar", "audit"})
    void fitsAPhone(String page) {
        browser.show(PAGES.get(page), PHONE, false);

        assertThat(browser.script("return innerWidth")).isEqualTo((long) PHONE);
        assertThat(browser.script("return document.scrollingElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        // A scroll bar can use some of the 390 pixels.
        assertThat(browser.script("return document.documentElement.scrollWidth"))
                .isEqualTo(browser.script("return document.documentElement.clientWidth"));
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void theHeadlineNamesItsScoresAndBothClusteringsAreShown() {
        browser.show(PAGES.get("study"), WIDE, false);
        String bars = "return document.querySelector('#chart-clusters svg').outerHTML";
        Object first = browser.script(bars);
        String headline = browser.one("#figures .card:nth-of-type(3)").getText();

        assertThat(headline).contains("ARI, by neighbours").contains("k-means alone: ");
        assertThat(browser.one(".way[data-way=neighbors]").isDisplayed()).isTrue();
        assertThat(browser.one(".way[data-way=kmeans]").isDisplayed()).isFalse();
        assertThat(headline).contains(browser.one(".way[data-way=neighbors] dd").getText());

        browser.one("button[data-way=kmeans]").click();

        assertThat(browser.one(".way[data-way=neighbors]").isDisplayed()).isFalse();
        assertThat(browser.one(".way[data-way=kmeans]").isDisplayed()).isTrue();
        assertThat(headline)
                .contains("k-means alone: "
                        + browser.one(".way[data-way=kmeans] dd").getText());
        assertThat(browser.script(bars)).isNotEqualTo(first);
        assertThat(browser.one("#clusters figcaption .way-name").getText()).isEqualTo("K-means");
    }

    @ParameterizedTest
    @ValueSource(strings = {"study", "group", "similar", "audit"})
    void followsTheSystemsThemeUntilTheReaderChooses(String page) {
        String ground = "return getComputedStyle(document.body).backgroundColor";
        browser.show(PAGES.get(page), WIDE, false);
        Object light = browser.script(ground);
        browser.one("#theme").click();
        Object chosen = browser.script(ground);
        browser.show(PAGES.get(page), WIDE, true);
        Object dark = browser.script(ground);

        assertThat(dark).isNotEqualTo(light).isEqualTo(chosen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"study", "group", "similar", "audit"})
    void everyControlIsReachedWithTheTabKey(String page) {
        browser.show(PAGES.get(page), WIDE, false);
        browser.awaitMap();
        long wanted = (Long) browser.script("""
                const all = [...document.querySelectorAll('a[href], button:not([tabindex="-1"], :disabled), summary, [tabindex="0"]')]
                  .filter(e => !e.closest('dialog') && !e.hidden && e.checkVisibility());
                all.forEach((e, i) => e.dataset.stop = i);
                return all.length;
                """);
        Set<String> reached = new LinkedHashSet<>();
        for (int i = 0; i < wanted + 2; i++) {
            new Actions(browser.driver()).sendKeys(Keys.TAB).perform();
            Object stop = browser.script("return document.activeElement.dataset.stop");
            if (stop != null) {
                reached.add(stop.toString());
            }
        }

        assertThat(wanted).isGreaterThan(4);
        assertThat(reached).hasSize((int) wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"study", "audit"})
    void aCellShowsItsImages(String page) {
        browser.show(PAGES.get(page), WIDE, false);
        WebElement table = browser.one("table.confusion");
        WebElement peek = browser.one(".peek");
        browser.script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", table);
        WebElement cell = (WebElement) browser.script("""
                return [...arguments[0].querySelectorAll('tbody td')].filter(c => +c.dataset.count > 0 && !c.classList.contains('looked'))[0];
                """, table);
        int count = Integer.parseInt(cell.getDomAttribute("data-count"));

        new Actions(browser.driver()).moveToElement(cell).perform();

        assertThat(cell.getDomAttribute("class")).contains("looked");
        assertThat(peek.findElements(By.cssSelector(".t")))
                .isNotEmpty()
                .hasSizeLessThanOrEqualTo(count)
                .allSatisfy(image ->
                        assertThat(image.getCssValue("background-image")).startsWith("url(\"data:image"));
        assertThat(peek.getText()).contains(": " + count);
        // A click pins the cell, and the page shows all of its images.
        cell.click();
        new Actions(browser.driver()).moveToElement(browser.one("h2#run-title")).perform();
        new Actions(browser.driver())
                .moveToElement(browser.one("table.confusion tbody td:last-child"))
                .perform();
        assertThat(cell.getDomAttribute("class")).contains("looked");
        if (page.equals("audit")) {
            assertThat(peek.findElements(By.cssSelector(".t"))).hasSize(Math.min(48, count));
            assertThat(browser.all("#issues .case").stream().filter(WebElement::isDisplayed))
                    .hasSize(count);
        }
    }

    @Test
    void theMapAndTheTablesOfTheStudyFollowEachOther() {
        browser.show(PAGES.get("study"), WIDE, false);
        browser.awaitMap();
        assertThat(browser.script("return heddle.map.points.n")).isEqualTo(300L);
        WebElement cell = browser.one("table[data-classifier=elastic-net] td.hit:not([data-count='0'])");
        String count = cell.getDomAttribute("data-count");
        String chosen = "return heddle.map.chosen() ? heddle.map.chosen().list.length : -1";
        browser.script("arguments[0].click()", cell);

        assertThat(browser.script(chosen)).isEqualTo(Long.parseLong(count));
        assertThat(browser.one("#map-state").getText()).startsWith(count + " of 300 chosen: ");
        assertThat(browser.all(".way[data-way=neighbors] .cluster.elsewhere")).isNotEmpty();
        // The other table highlights the same images.
        String faint = "return document.querySelectorAll('table[data-classifier=logistic] td.faint').length";
        assertThat((Long) browser.script(faint)).isBetween(1L, 99L);
        assertThat(browser.all("table[data-classifier=elastic-net] td.faint")).isEmpty();
        String link = (String) browser.script("return location.href");
        assertThat(link).contains("#pair=elastic-net");
        browser.driver().get("about:blank");
        browser.driver().get(link);
        browser.awaitMap();
        assertThat(browser.script(chosen)).isEqualTo(Long.parseLong(count));
        assertThat(browser.all("td[aria-current=true]")).hasSize(1);
        // Another selection removes the pin and fades the cells without a selected image.
        browser.script(
                "heddle.map.choose(Uint8Array.from({length: 300}, (_, i) => i === 299 ? 1 : 0), 'the last image')");
        assertThat(browser.all("td[aria-current=true]")).isEmpty();
        assertThat((Long) browser.script(faint)).isEqualTo(99L);
        assertThat(browser.all(".way[data-way=kmeans] .cluster:not(.elsewhere)"))
                .hasSize(1);
        assertThat((String) browser.script("return heddle.map.csv()"))
                .contains("index,image,label,cluster\n299,test image 99,");
        browser.one("#map-clear").click();
        assertThat(browser.all(".elsewhere, .faint")).isEmpty();
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void tablesSortByTheirHeadings() {
        browser.show(PAGES.get("study"), WIDE, false);
        WebElement table = browser.one(".pair .numbers");
        WebElement heading = table.findElements(By.cssSelector("thead th")).get(1);
        String cells = "return [...arguments[0].tBodies[0].rows].map(r => parseFloat(r.cells[1].textContent))";
        heading.findElement(By.tagName("button")).click();
        List<Number> down = numbers(browser.script(cells, table));
        heading.findElement(By.tagName("button")).click();
        List<Number> up = numbers(browser.script(cells, table));

        assertThat(heading.getDomAttribute("aria-sort")).isEqualTo("ascending");
        assertThat(down)
                .hasSize(DrawnImages.CLASSES)
                .isSortedAccordingTo(Comparator.comparingDouble(n -> -n.doubleValue()));
        assertThat(up).isSortedAccordingTo(Comparator.comparingDouble(Number::doubleValue));
    }

    @SuppressWarnings("unchecked")
    private static List<Number> numbers(Object list) {
        return (List<Number>) list;
    }

    @ParameterizedTest
    @ValueSource(strings = {"study", "group", "similar", "audit"})
    void themesAndPrintingDoNotChangePhotos(String page) {
        for (boolean dark : new boolean[] {false, true}) {
            browser.show(PAGES.get(page), WIDE, dark);
            assertThat(browser.all(".t").getFirst().getCssValue("filter")).isEqualTo("none");
            assertThat(browser.all(".t").getFirst().getCssValue("mix-blend-mode"))
                    .isEqualTo("normal");
        }
        browser.driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));
        assertThat(browser.script("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(255, 255, 255)");
        assertThat(browser.all(".t").getFirst().getCssValue("print-color-adjust"))
                .isEqualTo("exact");
        browser.driver().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
    }

    @Test
    void aPrintedPageContainsItsPictures() {
        browser.show(PAGES.get("audit"), WIDE, true);
        String pdf = (String) browser.driver()
                .executeCdpCommand("Page.printToPDF", Map.of("printBackground", false))
                .get("data");
        String text = new String(Base64.getDecoder().decode(pdf), StandardCharsets.ISO_8859_1);

        assertThat(text).startsWith("%PDF").contains("/Subtype /Image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"study", "audit"})
    void arrowKeysMoveFromCellToCell(String page) {
        browser.show(PAGES.get(page), WIDE, false);
        WebElement first = browser.one("table.confusion tbody td[tabindex=\"0\"]");
        browser.script("arguments[0].focus()", first);
        new Actions(browser.driver())
                .sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
                .perform();

        WebElement focused = browser.driver().switchTo().activeElement();
        assertThat(focused.getDomAttribute("data-truth")).isEqualTo("1");
        assertThat(focused.getDomAttribute("data-predicted")).isEqualTo("1");
        assertThat(focused.getDomAttribute("class")).contains("looked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"study", "group"})
    void aClusterOpensItsMembersAndEscapeClosesThem(String page) {
        browser.show(PAGES.get(page), WIDE, false);
        WebElement button = browser.one(".cluster .open");
        browser.script("arguments[0].focus()", button);
        new Actions(browser.driver()).sendKeys(Keys.ENTER).perform();

        assertThat(browser.one("#members").isDisplayed()).isTrue();
        assertThat(browser.all("#members-album .t")).hasSizeGreaterThan(3);
        assertThat(browser.one("#members-title").getText()).matches("(Cluster|Group) \\d+.*");

        new Actions(browser.driver()).sendKeys(Keys.ESCAPE).perform();

        assertThat(browser.one("#members").isDisplayed()).isFalse();
        assertThat(browser.driver().switchTo().activeElement()).isEqualTo(button);
    }

    @Test
    void theMapIsColouredByLabelOrByGroup() {
        browser.show(PAGES.get("group"), WIDE, false);
        browser.awaitMap();
        String picture = "return document.getElementById('map-canvas').toDataURL()";
        Object byGroup = browser.script(picture);
        WebElement button = browser.one("button[data-colour=label]");
        button.click();

        assertThat(button.getDomAttribute("aria-pressed")).isEqualTo("true");
        assertThat(browser.script(picture)).isNotEqualTo(byGroup);
    }

    /** Tests the rules of axe-core: contrast, names of controls, roles, order of headings and more. */
    @ParameterizedTest
    @CsvSource({
        "study, 1280, false",
        "study, 390, true",
        "group, 1280, true",
        "group, 390, false",
        "similar, 1280, false",
        "audit, 1280, false",
        "audit, 1280, true",
        "audit, 390, false",
    })
    void noRuleOfAccessibilityIsBroken(String page, int width, boolean dark) {
        browser.show(PAGES.get(page), width, dark);

        assertThat(browser.accessibilityProblems()).isEmpty();
    }

    @Test
    void aBrokenRuleOfAccessibilityIsFound() {
        browser.show(PAGES.get("similar"), WIDE, false);
        browser.script("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')");

        assertThat(browser.accessibilityProblems()).singleElement().asString().startsWith("image-alt: ");
    }

    @Test
    void neighboursAreShownWithTheirSimilarity() {
        browser.show(PAGES.get("similar"), WIDE, false);

        assertThat(browser.all(".query")).hasSize(40);
        assertThat(browser.all(".query:first-of-type .album li")).hasSize(8).allSatisfy(item -> {
            assertThat(item.getText()).matches("[01]\\.\\d{3}");
            assertThat(item.getSize().getWidth()).isGreaterThan(20);
        });
    }
}
