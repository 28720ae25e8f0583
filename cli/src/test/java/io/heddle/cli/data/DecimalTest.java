package io.heddle.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers are read to the bit as Java reads them, and nothing else is taken for one. */
class DecimalTest {
    private static void assertAsJava(String text) {
        assertThat(Float.floatToRawIntBits(Decimal.parse(text)))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
    }

    @Test
    void drawnNumbersAreJavas() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200_000; i++) {
            BigDecimal number = BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(18));
            assertAsJava(number.toPlainString());
            assertAsJava(Float.toString(Float.intBitsToFloat(random.nextInt() & 0xff7f_ffff)));
        }
    }

    /** Where the nearest double lies between two floats, the number itself decides. */
    @Test
    void numbersBetweenTwoFloatsAreJavas() {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 100_000; i++) {
            float below = random.nextInt(1 << 23, 1 << 24) / (float) (1 << random.nextInt(10));
            BigDecimal middle = new BigDecimal(below)
                    .add(new BigDecimal(Math.nextUp(below)))
                    .divide(BigDecimal.TWO);
            BigDecimal little = BigDecimal.ONE.movePointLeft(7 + random.nextInt(10));
            assertAsJava(middle.toPlainString());
            assertAsJava(middle.add(little).toPlainString());
            assertAsJava(middle.subtract(little).toPlainString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                ".5",
                "6.",
                "-1e-3",
                "+4",
                " 7 ",
                "1e38",
                "1e99",
                "999999999999999",
                "0000000000000001"
            })
    void howeverTheyAreWritten(String text) {
        assertAsJava(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-", ".", "-.", "1.2.3", "--1", "1-2", "0x1p3", "1f", "NaN", "Infinity", "1 2", "٣"})
    void nothingElseIsANumber(String text) {
        assertThat(Decimal.is(text)).isFalse();
    }
}
