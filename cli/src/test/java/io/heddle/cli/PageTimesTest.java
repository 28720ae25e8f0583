package io.heddle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the size of the page of a table and the time until Chromium shows it. {@code bench/pages ROWS} runs this test
 * with more rows and prints its figures.
 */
@Tag("browser")
class PageTimesTest {
    private static final int ROWS = Integer.getInteger("heddle.pages.rows", 2000);
    private static final boolean PRINTED = System.getProperty("heddle.pages.rows") != null;
    private static final int LOADS = 5;

    @TempDir
    Path folder;

    @Test
    void aPageIsSmallAndFast() throws IOException {
        Path page = page();
        long bytes = Files.size(page);
        try (Browser browser = Browser.open()) {
            double[][] times = new double[LOADS][];
            for (int i = 0; i < LOADS; i++) {
                browser.show(page, 1280, false);
                browser.awaitMap();
                // Chromium reports a paint after the frame was shown, which can be later than the end of the script.
                browser.await(() -> (boolean)
                        browser.script("return performance.getEntriesByName('first-contentful-paint').length > 0"));
                times[i] = new double[] {
                    number(browser.script(
                            "return performance.getEntriesByName('first-contentful-paint')[0].startTime")),
                    number(browser.script("return performance.getEntriesByName('map')[0].startTime")),
                    number(browser.driver().executeAsyncScript("""
                            const done = arguments[arguments.length - 1];
                            const start = performance.now();
                            document.getElementById('theme').click();
                            requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
                            """)),
                    number(browser.script("""
                            const start = performance.now();
                            heddle.map.view.enlarge(1.1);
                            document.getElementById('map-canvas').dispatchEvent(new KeyboardEvent('keydown', {key: '0'}));
                            return performance.now() - start;
                            """)),
                };
            }
            double paint = median(times, t -> t[0]);
            double interactive = median(times, t -> t[1]);
            double theme = median(times, t -> t[2]);
            double redraw = median(times, t -> t[3]);
            if (PRINTED) {
                System.out.printf(
                        "%,d rows: %,d bytes; first paint %.0f ms, map ready %.0f ms, theme %.0f ms, redraw %.0f ms (medians of %d)%n",
                        ROWS, bytes, paint, interactive, theme, redraw, LOADS);
            }
            assertThat(browser.console()).isEmpty();
            assertThat(interactive).isGreaterThan(0).isLessThan(10_000);
            if (!PRINTED) {
                assertThat(bytes).isLessThan(300_000);
            }
        }
    }

    private Path page() throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder("id,kind,a,b,c,d,e,f,g,h\n");
        for (int i = 0; i < ROWS; i++) {
            int kind = i % 10;
            text.append("item %d,kind %d".formatted(i, kind));
            for (int j = 0; j < 8; j++) {
                text.append(',').append("%.2f".formatted((kind * 37 + j * 53) % 11 + random.nextGaussian()));
            }
            text.append('\n');
        }
        Path table = Files.writeString(folder.resolve("table.csv"), text);
        Path out = folder.resolve("page");
        Invocation heddle = Invocation.of(Stream.concat(
                        Stream.of("group", table, "--out", out),
                        List.of("--label", "kind", "--id", "id", "--clusters", "10").stream())
                .toArray());
        assertThat(heddle.code()).as(heddle.err()).isZero();
        return out.resolve("index.html");
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    private static double median(double[][] rows, ToDoubleFunction<double[]> value) {
        return Arrays.stream(rows)
                .mapToDouble(value)
                .sorted()
                .skip(rows.length / 2)
                .findFirst()
                .orElseThrow();
    }
}
