package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that numbers have the same bits as those that Java parses, and that other text is refused. */
class DecimalTest {
    private static void assertAsJava(String text) {
        assertThat(Double.doubleToRawLongBits(Decimal.parse(text)))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @Test
    void randomNumbersAreThoseOfJava() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 200_000; i++) {
            BigDecimal number = BigDecimal.valueOf(random.nextLong() >> random.nextInt(64), random.nextInt(18));
            assertAsJava(number.toPlainString());
            assertAsJava(Float.toString(Float.intBitsToFloat(random.nextInt() & 0xff7f_ffff)));
            assertAsJava(Double.toString(Double.longBitsToDouble(random.nextLong() & 0xffef_ffff_ffff_ffffL)));
        }
    }

    /** Numbers exactly between two doubles, and close to them. */
    @Test
    void numbersBetweenTwoDoublesAreThoseOfJava() {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 100_000; i++) {
            double below = random.nextLong(1L << 52, 1L << 53) / (double) (1 << random.nextInt(20));
            BigDecimal middle = new BigDecimal(below)
                    .add(new BigDecimal(Math.nextUp(below)))
                    .divide(BigDecimal.TWO);
            BigDecimal little = BigDecimal.ONE.movePointLeft(20 + random.nextInt(20));
            assertAsJava(middle.toPlainString());
            assertAsJava(middle.add(little).toPlainString());
            assertAsJava(middle.subtract(little).toPlainString());
        }
    }

    @Test
    void numbersWithADecimalComma() {
        for (String text : new String[] {"1,5", "-,25", "12345678901234567890,5", "1,5e3"}) {
            assertThat(Decimal.parse(text.toCharArray(), 0, text.length(), ','))
                    .as(text)
                    .isEqualTo(Double.parseDouble(text.replace(',', '.')));
        }
        assertThat(Decimal.parse("1.5".toCharArray(), 0, 3, ',')).isNaN();
        assertThat(Decimal.parse("1,500,000".toCharArray(), 0, 9, ',')).isNaN();
    }

    @Test
    void infinitiesAreNumbers() {
        assertThat(Decimal.parse("inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Decimal.parse("-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Decimal.parse("1e999")).isEqualTo(Double.POSITIVE_INFINITY);
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
                "123456789.12345678",
                "0.1234567890123456789",
                "4.9e-324",
                "1e-400",
                "1e99",
                "999999999999999",
                "0000000000000001"
            })
    void otherFormsOfNumbers(String text) {
        assertAsJava(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                ".",
                "-.",
                "1.2.3",
                "--1",
                "1-2",
                "0x1p3",
                "1f",
                "NaN",
                "in",
                "infinite",
                "1 2",
                "1e",
                "e5",
                "1e5.5",
                "٣"
            })
    void otherTextIsNotANumber(String text) {
        assertThat(Decimal.is(text)).isFalse();
    }
}
