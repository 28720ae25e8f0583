package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests pages whose names of classes, columns and files contain script. */
@Tag("browser")
class HostileNamesInBrowserTest {
    /** Each sets a variable of the page if it runs. */
    private static final List<String> NAMES = List.of(
            "<img src=x onerror=window.ran=1>",
            "</script><script>window.ran=2</script>",
            "\"'><svg onload=window.ran=3>",
            "<!--<script>",
            "javascript:window.ran=5",
            "&lt;b&gt;&amp;");

    private static final int ROWS = 120;

    @TempDir
    static Path folder;

    private static final Map<String, Path> PAGES = new LinkedHashMap<>();
    private static Browser browser;

    @BeforeAll
    static void makePages() throws IOException {
        browser = Browser.open();
        Path table = folder.resolve("<b onclick=window.ran=6>.csv");
        StringBuilder text = new StringBuilder();
        for (String name :
                List.of("<img src=x onerror=window.ran=7>", "</script><script>window.ran=8</script>", "id")) {
            text.append(quoted(name)).append(',');
        }
        text.append("kind\n");
        for (int i = 0; i < ROWS; i++) {
            int kind = i % NAMES.size();
            // A few rows have another label than their neighbours, so that the audit lists them.
            String label = NAMES.get(i % 20 == 7 ? (kind + 1) % NAMES.size() : kind);
            text.append("%d,%d,%s,%s%n"
                    .formatted(
                            kind * 10 + i % 3,
                            kind % 2 * 30 + i % 5,
                            quoted(NAMES.get(i % NAMES.size()) + i),
                            quoted(label)));
        }
        Files.writeString(table, text);
        String[] columns = {"--label", "kind", "--id", "id", "--standardize"};
        make("group of a table", "group", table, columns, "--clusters", "6");
        make("similar rows", "similar", table, columns, "--top", "5");
        make("audit of a table", "audit", table, columns);

        Path photos = folder.resolve("photos");
        Path drawn = SamplePages.photos(folder.resolve("drawn"));
        for (int c = 0; c < DrawnImages.CLASSES; c++) {
            try (var files = Files.list(drawn.resolve("kind " + c))) {
                int number = 0;
                for (Path file : files.sorted().toList()) {
                    // One photo of each class is in the next folder, so that the audit lists it.
                    Path to = photos.resolve(folderName(number++ == 3 ? (c + 1) % DrawnImages.CLASSES : c));
                    Files.createDirectories(to);
                    Files.move(file, to.resolve("<img src=x onerror=window.ran=9>" + file.getFileName()));
                }
            }
        }
        String[] plain = {"--encoder", "none"};
        make("group of photos", "group", photos, plain, "--clusters", "10");
        make("similar photos", "similar", photos, plain, "--top", "5");
        make("audit of photos", "audit", photos, plain);
    }

    /** Names of folders contain no slash. */
    private static String folderName(int c) {
        return NAMES.get(c % NAMES.size()).replace("/", "") + (c < NAMES.size() ? "" : c);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private static void make(String page, String command, Path data, String[] flags, String... more) {
        List<Object> words = new ArrayList<>(List.of(command, data));
        words.addAll(List.of(flags));
        words.addAll(List.of(more));
        Path out = folder.resolve(page.replace(' ', '-'));
        words.addAll(List.of("--out", out));
        Invocation heddle = Invocation.of(words.toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        PAGES.put(page, out.resolve("index.html"));
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "group of a table",
                "similar rows",
                "audit of a table",
                "group of photos",
                "similar photos",
                "audit of photos"
            })
    void namesAreShownAndNotRun(String page) {
        browser.show(PAGES.get(page), 1280, false);

        browser.await(() -> browser.all("#map-canvas").size()
                == browser.all("#map-canvas[data-ready=true]").size());
        // The script writes the tips of the charts and what a click opens, and must escape text like the page.
        browser.script("""
                for (const box of document.querySelectorAll('.chart, #map-canvas')) {
                  const {left, top, width, height} = box.getBoundingClientRect();
                  for (let k = 0; k < 400; k++) {
                    const at = {clientX: left + width * (k % 20 + .5) / 20, clientY: top + height * Math.floor(k / 20 + .5) / 20};
                    box.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, ...at}));
                  }
                }
                for (const target of document.querySelectorAll('.cluster[data-cluster], .confusion td')) {
                  target.dispatchEvent(new PointerEvent('pointerover', {bubbles: true}));
                  target.click();
                }
                """);
        assertThat(browser.script("return window.ran === undefined")).isEqualTo(true);
        assertThat(browser.script("return document.querySelectorAll('[onerror], [onload], [onclick]').length"))
                .isEqualTo(0L);
        assertThat(browser.script("return document.querySelectorAll('script').length"))
                .as("the data and the page's own script")
                .isEqualTo(2L);
        // A script that the policy stopped would be logged here. The names must be escaped before that.
        assertThat(browser.console()).isEmpty();
        Object text =
                browser.script("return document.documentElement.textContent + document.documentElement.innerHTML");
        assertThat((String) text).contains("onerror=window.ran");
        assertThat((String) browser.script("return document.body.innerText")).contains("<img src=x onerror=window.ran");
    }
}
