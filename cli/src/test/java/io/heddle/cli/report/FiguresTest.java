package io.heddle.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0.0123, 12 ms",
        "0.0994, 99 ms",
        "0.0996, 0.10 s",
        "9.994, 9.99 s",
        "9.996, 10.0 s",
        "99.94, 99.9 s",
        "99.96, 1 min 40 s",
        "119.6, 2 min 00 s"
    })
    void secondsKeepThreeDigits(double seconds, String text) {
        assertThat(Figures.seconds(seconds).replace('\u00a0', ' ')).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0.442312, 0.4423",
        "12.3456, 12.35",
        "1234.6, 1235",
        "-3.14159, -3.142",
        "0.0000312, 3.1e-05",
        "21034.2, '21,034'"
    })
    void numbersKeepFourDigits(double number, String text) {
        assertThat(Figures.number(number)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.0001, 1e-4", "0.5, 0.5", "0, 0", "1, 1", "0.001, 0.001"})
    void settingsAreWrittenAsTyped(double value, String text) {
        assertThat(Figures.setting(value)).isEqualTo(text);
    }

    @Test
    void theLocaleDoesNotMatter() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Figures.percent(0.8432)).isEqualTo("84.3\u00a0%");
            assertThat(Figures.count(1234567)).isEqualTo("1,234,567");
            assertThat(Figures.rate(12345.6)).isEqualTo("12,346");
            assertThat(Figures.rate(9.87)).isEqualTo("9.9");
        } finally {
            Locale.setDefault(before);
        }
    }
}
