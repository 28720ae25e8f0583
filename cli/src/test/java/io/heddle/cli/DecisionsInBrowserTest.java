package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** Tests all steps from an audit's page to the cleaned data set: decisions by keys, their file, and the command. */
@Tag("browser")
class DecisionsInBrowserTest {
    private static final List<String> COLOURS = List.of("blue", "green", "red");
    private static final int EACH = 14;

    @TempDir
    static Path folder;

    private static Path photos;
    private static Path page;
    private static Browser browser;

    @BeforeAll
    static void audit() throws IOException {
        browser = Browser.open();
        photos = folder.resolve("photos");
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < COLOURS.size() * EACH; i++) {
            int c = i % COLOURS.size();
            // Three photos are in a wrong folder. Their names contain their true colours.
            String place = COLOURS.get(i == 4 || i == 14 || i == 24 ? (c + 1) % COLOURS.size() : c);
            Path file = photos.resolve(place).resolve("%s %02d.png".formatted(COLOURS.get(c), i));
            Files.createDirectories(file.getParent());
            ImageIO.write(photo(c, random), "png", file.toFile());
        }
        Path out = folder.resolve("audit");
        Invocation heddle = Invocation.of("audit", photos, "--encoder", "none", "--out", out);
        assertThat(heddle.code()).as(heddle.err()).isZero();
        page = out.resolve("index.html");
    }

    private static BufferedImage photo(int colour, SplittableRandom random) {
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                image.setRGB(
                        x, y, random.nextInt(160, 256) << 8 * colour | random.nextInt(60) << 8 * ((colour + 1) % 3));
            }
        }
        return image;
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    private static void press(CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    private static void show() {
        browser.show(page, 1280, false);
        browser.script("localStorage.clear()");
        browser.show(page, 1280, false);
        browser.script("document.querySelector('.case').focus()");
    }

    private static Path export(String to) throws IOException {
        Path downloads = Files.createDirectories(folder.resolve(to));
        browser.driver()
                .executeCdpCommand(
                        "Browser.setDownloadBehavior",
                        Map.of("behavior", "allow", "downloadPath", downloads.toString()));
        browser.one("#export").click();
        Path file = downloads.resolve("decisions.csv");
        browser.await(() -> Files.isRegularFile(file));
        return file;
    }

    private static TreeSet<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(f -> folder.relativize(f).toString())
                    .collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
        }
    }

    @Test
    void decisionsByKeysGiveTheCleanedFolder() throws IOException {
        show();
        List<String> names = new ArrayList<>();
        browser.all("#issues .case .caption span:first-child").forEach(e -> names.add(e.getText()));
        assertThat(names)
                .contains("red/green 04.png", "blue/red 14.png", "green/blue 24.png")
                .hasSizeLessThan(8);
        // Keep the first, undo it, go back to it, and accept the suggestions.
        press("k", "u");
        assertThat(browser.one("#decided").getText()).isEqualTo("0");
        for (int i = 0; i < names.size(); i++) {
            press("r");
        }
        assertThat(browser.one("#decided").getText()).isEqualTo(Integer.toString(names.size()));

        Path decisions = export("relabelled");
        List<String> lines = Files.readAllLines(decisions);
        assertThat(lines).hasSize(names.size() + 1).first().isEqualTo("index,file,decision,label,given,data");
        assertThat(lines)
                .anySatisfy(l -> assertThat(l).matches("\\d+,red/green 04\\.png,relabel,green,red,[0-9a-f]{64}"));
        Path clean = folder.resolve("clean");
        Invocation heddle = Invocation.of("audit", "apply", decisions, photos, "--out", clean);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        // Each photo is in the folder of the colour in its name.
        assertThat(files(clean)).hasSize(COLOURS.size() * EACH).allSatisfy(f -> assertThat(f)
                .matches("(\\w+)/\\1 \\d\\d\\.png"));
        assertThat(Invocation.of("audit", "apply", decisions, clean, "--out", folder.resolve("again"))
                        .err())
                .contains("is about other data");
    }

    /** The hash of the photos is the same for all files of labels. */
    @Test
    void decisionsAboutOtherLabelsAreNotShown() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (int shift = 0; shift < 2; shift++) {
            List<String> lines = new ArrayList<>(List.of("file,label"));
            for (String file : files(photos)) {
                String number = file.replaceAll("\\D", "");
                int i = Integer.parseInt(number);
                lines.add(file + "," + COLOURS.get((i == 4 + shift ? i + 1 : i) % COLOURS.size()));
            }
            Path labels = Files.write(folder.resolve("labels" + shift + ".csv"), lines);
            Path out = folder.resolve("labels" + shift);
            Invocation heddle = Invocation.of("audit", photos, "--labels", labels, "--encoder", "none", "--out", out);
            assertThat(heddle.code()).as(heddle.err()).isZero();
            pages.add(out.resolve("index.html"));
        }
        show();
        browser.show(pages.get(0), 1280, false);
        browser.script("document.querySelector('.case').focus()");
        press("d");
        assertThat(browser.one("#decided").getText()).isEqualTo("1");
        browser.show(pages.get(1), 1280, false);
        assertThat(browser.one("#decided").getText()).isEqualTo("0");
        assertThat(browser.one("#export").isEnabled()).isFalse();
        browser.show(pages.get(0), 1280, false);
        assertThat(browser.one("#decided").getText()).isEqualTo("1");
    }

    @Test
    void decisionsAreKeptInTheBrowserAndDropsAreApplied() throws IOException {
        show();
        press("d", Keys.ARROW_RIGHT, Keys.ARROW_LEFT, "k");
        String first = browser.one("#issues .case .caption span:first-child").getText();
        browser.show(page, 390, true);

        assertThat(browser.one("#decided").getText()).isEqualTo("2");
        assertThat(browser.all(".case[data-decision=drop]")).isNotEmpty();
        Path clean = folder.resolve("dropped");
        Invocation heddle = Invocation.of("audit", "apply", export("drops"), photos, "--out", clean);

        assertThat(heddle.code()).as(heddle.err()).isZero();
        TreeSet<String> left = files(photos);
        left.remove(first);
        assertThat(files(clean)).isEqualTo(left);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void anotherLabelIsChosenByItsName() throws IOException {
        show();
        String given = browser.one(".case").getDomAttribute("data-given");
        press("l");
        press("e");
        String chosen = browser.one("#labels-list button").getText();
        press(Keys.ENTER);

        assertThat(COLOURS.get(Integer.parseInt(given))).isNotEqualTo(chosen);
        assertThat(browser.script("return heddle.decisions()").toString()).contains(",relabel," + chosen + ",");
    }

    @Test
    void theOriginalOpensAndAcceptsDecisions() {
        show();
        press(Keys.ENTER);

        assertThat(browser.one("#lightbox").isDisplayed()).isTrue();
        browser.await(() ->
                Long.valueOf(8).equals(browser.script("return document.querySelector('#lightbox img')?.naturalWidth")));
        String before = browser.one("#lightbox-title").getText();
        press("d");
        assertThat(browser.one("#lightbox-title").getText()).isNotEqualTo(before);
        assertThat(browser.all(".case[data-decision=drop]")).isNotEmpty();
        press(Keys.ESCAPE);
        assertThat(browser.one("#lightbox").isDisplayed()).isFalse();
        assertThat(browser.console()).isEmpty();
    }
}
