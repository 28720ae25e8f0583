package io.heddle.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests times in text files. A double has about seven decimals of a second. */
class TextConversionTest {
    @ParameterizedTest
    @CsvSource({
        "-310420493.211, 1960-03-01T04:05:06.789Z",
        "1583035506.789012, 2020-03-01T04:05:06.789012Z",
        "1583035506, 2020-03-01T04:05:06Z",
        "1583035506.5, 2020-03-01T04:05:06.500Z",
        "253402300799.99997, 9999-12-31T23:59:59.999970Z",
        "-0.25, 1969-12-31T23:59:59.750Z",
    })
    void aTimeHasTheSmallestNumberOfDecimals(double seconds, String text) {
        assertThat(TextConversion.time(seconds)).isEqualTo(text);
    }
}
