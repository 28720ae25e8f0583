package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/**
 * Tests the map of a page of tables with three clusters: lasso, search, keys, links, and the lists that follow its
 * selection.
 */
@Tag("browser")
class MapInBrowserTest {
    private static final int ROWS = 240;
    /** Points of a map with fewer points than rows. */
    private static final int POINTS = 60;

    /** More rows than a page of groups lists. All are points of the map. */
    private static final int MANY = 3000;

    private static final List<String> KINDS = List.of("oak", "pine", "elm");

    @TempDir
    static Path folder;

    private static Path group;
    private static Path audit;
    private static Path dense;
    private static Path denseAudit;
    private static Browser browser;

    @BeforeAll
    static void makePages() throws IOException {
        browser = Browser.open();
        Path table = table("trees.csv", ROWS);
        group = page("group", "group", table, "--clusters", "3");
        audit = page("audit", "audit", table);
        System.setProperty("heddle.map.points", Integer.toString(POINTS));
        try {
            dense = page("group", "dense", table("forest.csv", MANY), "--clusters", "3");
            denseAudit = page("audit", "dense-audit", table);
        } finally {
            System.clearProperty("heddle.map.points");
        }
    }

    private static Path table(String name, int rows) throws IOException {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder("name,kind,height,width,age\n");
        for (int i = 0; i < rows; i++) {
            int kind = i % 3;
            // Four rows have the label of another cluster.
            String label = KINDS.get(i % 60 == 5 ? (kind + 1) % 3 : kind);
            text.append("tree %d,%s,%.3f,%.3f,%.3f%n"
                    .formatted(
                            i,
                            label,
                            10 * kind + random.nextGaussian(),
                            (kind == 1 ? 20 : 5) + random.nextGaussian(),
                            30 + random.nextGaussian()));
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static Path page(String command, String name, Path table, String... more) {
        Path out = folder.resolve(name);
        Object[] words = Stream.concat(
                        Stream.of(command, table, "--label", "kind", "--id", "name", "--standardize", "--out", out),
                        Stream.of(more))
                .toArray();
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

    private static void open(Path page, String hash, int width) {
        browser.show(page, width, false);
        if (!hash.isEmpty()) {
            browser.driver().get(page.toUri() + hash);
            browser.driver().navigate().refresh();
        }
        browser.awaitMap();
    }

    private static long chosen() {
        return (Long) browser.script("const c = heddle.map.chosen(); return c ? c.list.length : -1");
    }

    private static List<String> shown(String selector) {
        return browser.all(selector).stream()
                .filter(WebElement::isDisplayed)
                .map(e -> e.getDomAttribute("data-cluster"))
                .toList();
    }

    @Test
    void aLassoChoosesItsPointsAndTheListsFollow() {
        open(group, "", 1280);
        WebElement canvas = browser.one("#map-canvas");
        browser.script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", canvas);
        // Around the points of group 0, in the page's own pixels.
        @SuppressWarnings("unchecked")
        List<Number> box = (List<Number>) browser.script("""
                const {view, points} = heddle.map;
                const all = Array.from({length: points.n}, (_, i) => i).filter(i => points.group()[i] === 0).map(i => view.to(view.x[i], view.y[i]));
                const xs = all.map(p => p[0]), ys = all.map(p => p[1]);
                const c = document.getElementById('map-canvas');
                return [Math.min(...xs) - 8 - c.clientWidth / 2, Math.min(...ys) - 8 - c.clientHeight / 2,
                  Math.max(...xs) + 8 - c.clientWidth / 2, Math.max(...ys) + 8 - c.clientHeight / 2].map(Math.round);
                """);
        int left = box.get(0).intValue();
        int top = box.get(1).intValue();
        int right = box.get(2).intValue();
        int bottom = box.get(3).intValue();
        browser.one("#map-lasso").click();
        new Actions(browser.driver())
                .moveToElement(canvas, left, top)
                .clickAndHold()
                .moveToElement(canvas, right, top)
                .moveToElement(canvas, right, bottom)
                .moveToElement(canvas, left, bottom)
                .release()
                .perform();

        assertThat(chosen()).isEqualTo(ROWS / 3);
        assertThat(browser.one("#map-state").getText()).isEqualTo("80 of 240 chosen: by lasso");
        assertThat(shown(".cluster[data-cluster]")).containsExactly("0");
        String csv = (String) browser.script("return heddle.map.csv()");
        assertThat(csv.lines().findFirst()).hasValue("index,file,label,group");
        assertThat(csv.lines().skip(1)).hasSize(80).allMatch(line -> line.matches("\\d+,tree \\d+,(oak|pine|elm),0"));

        browser.one("#map-clear").click();

        assertThat(chosen()).isEqualTo(-1);
        assertThat(shown(".cluster[data-cluster]")).hasSize(3);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void aSearchFindsNamesAndLabels() {
        open(group, "", 1280);
        WebElement search = browser.one("#map-search");
        search.sendKeys("tree 23");
        // tree 23 and tree 230 to 239.
        browser.await(() -> chosen() == 11);
        assertThat(browser.all("#map-album li")).hasSize(11);
        search.clear();
        search.sendKeys("PINE");
        browser.await(() -> chosen() > 70);
        assertThat(browser.script("""
                const {points} = heddle.map;
                return heddle.map.chosen().list.every(i => heddle.data.classes[points.label[i]] === 'pine');
                """)).isEqualTo(true);
        assertThat((String) browser.script("return location.hash")).isEqualTo("#search=PINE");
    }

    @Test
    void aLinkOpensAGroupOrASearch() {
        open(group, "#cluster=2", 1280);
        assertThat(browser.one("#map-state").getText()).isEqualTo("80 of 240 chosen: group 2");
        assertThat(shown(".cluster[data-cluster]")).containsExactly("2");
        browser.driver().get(group.toUri() + "#map=components&colour=label&label=elm");
        browser.await(() -> browser.one("#map-state").getText().endsWith("elm"));
        assertThat(browser.one("[data-layout=components]").getDomAttribute("aria-pressed"))
                .isEqualTo("true");
        assertThat(browser.one("[data-colour=label]").getDomAttribute("aria-pressed"))
                .isEqualTo("true");
        // An unknown group, class or place is ignored.
        open(group, "#cluster=99&label=palm&colour=constructor", 1280);
        assertThat(chosen()).isEqualTo(-1);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void everyPointIsReachedByKeys() {
        open(group, "", 390);
        WebElement canvas = browser.one("#map-canvas");
        browser.script("arguments[0].focus()", canvas);
        new Actions(browser.driver()).sendKeys("+", "+", "+").perform();
        assertThat((Double) browser.script("return heddle.map.view.zoom")).isGreaterThan(3);
        new Actions(browser.driver()).sendKeys("v").perform();
        long inView = chosen();
        assertThat(inView).isBetween(0L, ROWS - 1L);
        new Actions(browser.driver()).sendKeys(Keys.ESCAPE, "0").perform();
        assertThat(chosen()).isEqualTo(-1);
        new Actions(browser.driver()).sendKeys("v").perform();
        assertThat(chosen()).isEqualTo(ROWS);
        new Actions(browser.driver())
                .sendKeys(Keys.ESCAPE, Keys.ARROW_LEFT, Keys.ARROW_UP)
                .perform();
        assertThat(browser.one("#map-state").getText()).matches("tree \\d+, (oak|pine|elm), group \\d");
        new Actions(browser.driver()).sendKeys(Keys.ENTER).perform();
        assertThat(browser.all("dialog[open]")).hasSize(1);
    }

    @Test
    void theMapAndTheTableOfAnAuditFollowEachOther() {
        open(audit, "", 1280);
        WebElement cell = (WebElement) browser.script(
                "return [...document.querySelectorAll('.confusion tbody td')].find(c => +c.dataset.count > 0)");
        int count = Integer.parseInt(cell.getDomAttribute("data-count"));
        cell.click();
        assertThat(chosen()).isEqualTo(count);
        cell.click();
        assertThat(chosen()).isEqualTo(-1);
        browser.one("[data-colour=issue]").click();
        browser.one("#map-legend [data-kind='1']").click();
        assertThat(chosen()).isEqualTo(4);
        assertThat(browser.all("#issues > .cases > .case").stream().filter(WebElement::isDisplayed))
                .hasSize(4);
        browser.one("#map-search").sendKeys("tree 5");
        browser.await(() -> chosen() == 11);
        // One of the four rows with wrong labels (5, 65, 125 and 185) has this name.
        assertThat(browser.all("#issues > .cases > .case").stream().filter(WebElement::isDisplayed))
                .hasSize(1);
        assertThat(browser.one("#filtered").getText()).contains("tree 5");
    }

    @Test
    void aMapOfMoreRowsThanPointsShowsHowManyLieWhere() {
        open(dense, "", 1280);
        WebElement canvas = browser.one("#map-canvas");
        browser.script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", canvas);

        assertThat(browser.one("#map-dense").getText()).contains("The shading counts all 3,000 items");
        assertThat(browser.script(
                        "return heddle.map.points.layouts.map(l => l.density.counts.reduce((a, b) => a + b))"))
                .isEqualTo(List.of((long) MANY, (long) MANY));
        // The points, and the rows on the cards of the groups.
        assertThat((Long) browser.script("return heddle.map.points.n")).isBetween(2400L, MANY - 1L);
        assertThat(canvas.getDomAttribute("data-dense")).isEqualTo("true");
        // A click on a cell chooses the points there.
        @SuppressWarnings("unchecked")
        List<Number> place = (List<Number>) browser.script("""
                const {view, points} = heddle.map;
                const c = document.getElementById('map-canvas');
                const [x, y] = view.to(view.x[0], view.y[0]);
                return [x - c.clientWidth / 2, y - c.clientHeight / 2].map(Math.round);
                """);
        new Actions(browser.driver())
                .moveToElement(canvas, place.get(0).intValue(), place.get(1).intValue())
                .perform();
        assertThat(browser.one("#map-tip").getText()).matches("\\d+ items here.*group \\d");
        new Actions(browser.driver()).click().perform();
        assertThat(chosen()).isPositive();
        assertThat(browser.one("#map-state").getText()).matches("\\d+ of [\\d,]+ points chosen: at one place");
        assertThat(browser.all("#map-album li")).hasSize((int) Math.min(60, chosen()));
        // Enlarged, the map shows points again.
        browser.script("arguments[0].focus()", canvas);
        new Actions(browser.driver()).sendKeys(Keys.ESCAPE, "+", "+", "+", "+").perform();
        assertThat(canvas.getDomAttribute("data-dense")).isEqualTo("false");
        browser.one("[data-layout=components]").click();
        browser.await(() -> "true".equals(canvas.getDomAttribute("data-dense")));
        browser.one("[data-colour=value]").click();
        assertThat(browser.console()).isEmpty();
        assertThat(browser.accessibilityProblems()).isEmpty();
    }

    @Test
    void whatAnAuditFindsIsAPointOfItsMap() {
        open(denseAudit, "", 390);
        browser.one("[data-colour=issue]").click();
        browser.one("#map-legend [data-kind='1']").click();

        assertThat(chosen()).isEqualTo(4);
        assertThat((Long) browser.script("return heddle.map.points.n")).isLessThan(ROWS);
        assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void aGroupNamesTheColumnsThatSetItApart() {
        open(group, "", 390);
        assertThat(browser.all(".cluster .traits")).hasSize(3).allSatisfy(list -> {
            assertThat(list.getText()).containsAnyOf("height", "width").doesNotContain("age");
            assertThat(list.getText()).matches("(?s).*(above|below) -?[\\d.]+ of all.*");
        });
        assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }
}
