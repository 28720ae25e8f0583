package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests times at the limits of a second. */
class IsoDateTest {
    @ParameterizedTest
    @CsvSource({
        "9999-12-31T23:59:59.999999, 253402300799.99997",
        "9999-12-31T23:59:59.99999999999999999999Z, 253402300799.99997",
        "1970-01-01T00:00:00.99999999999999999999, 0.9999999999999999",
        "2016-12-31T23:59:60.5Z, 1483228800.5",
        "2020-03-01T04:05:06.789012+00:00, 1583035506.789012",
        "2020-03-01T04:05:61Z, NaN",
        "2020-03-01T04:05:x1.5Z, NaN",
        "2020-03-01T04:05:01.Z, NaN"
    })
    void aTimeIsInItsSecond(String text, Double seconds) {
        assertThat((Double) IsoDate.time(text.toCharArray(), 0, text.length())).isEqualTo(seconds);
    }
}
