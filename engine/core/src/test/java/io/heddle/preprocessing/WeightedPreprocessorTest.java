package io.heddle.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Treatment.Missing;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A row of weight w is w rows, and the values of a row of weight 0 do not count. */
class WeightedPreprocessorTest {
    private static final int ROWS = 203;
    private static final List<Column> COLUMNS = List.of(
            Column.number("size"),
            Column.number("age"),
            new Column("kind", Column.Kind.CATEGORY, List.of("a", "b", "c", "d", "e")));

    /** Whole weights from 0 to 3. */
    private static double[] weights() {
        return IntStream.range(0, ROWS).mapToDouble(i -> i * 7 % 4).toArray();
    }

    /** Values are missing in both columns of numbers; the category of the rows of weight 0 has no other row. */
    private static double[][] rows(double placeholder) {
        Random random = new Random(5);
        double[] weights = weights();
        double[][] rows = new double[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            double size = i % 11 == 1 ? Double.NaN : 1e6 + 3 * random.nextGaussian();
            double age = i % 13 == 2 ? Double.NaN : random.nextInt(40);
            double kind = i % 17 == 3 ? Double.NaN : i % 9 == 0 ? 3 : random.nextInt(3);
            rows[i] = weights[i] == 0 ? new double[] {placeholder, placeholder, 4} : new double[] {size, age, kind};
        }
        return rows;
    }

    private static Table table(double[][] rows) {
        Table.Builder builder = Table.builder(COLUMNS.size());
        Arrays.stream(rows).forEach(builder::add);
        return builder.build(COLUMNS);
    }

    private static TablePreprocessor.Options options(boolean standardize, Missing missing, int categories) {
        return TablePreprocessor.Options.defaults()
                .withStandardize(standardize)
                .withMaxCategories(categories)
                .withTreatment("size", Treatment.number().withMissing(missing))
                .withTreatment("age", Treatment.number().withMissing(missing))
                .withTreatment("kind", Treatment.oneHot().withMissing(Missing.MOST_FREQUENT));
    }

    /** The weights below a value are half of all in both fits, but not after rounding: 0.1 + 0.2 is above 0.6 / 2. */
    @Test
    void mediansDependOnRatiosOfWeightsOnly() {
        double[][] rows = {{0}, {1}, {2}, {Double.NaN}};
        Table.Builder builder = Table.builder(1);
        Arrays.stream(rows).forEach(builder::add);
        Table table = builder.build(List.of(Column.number("size")));
        TablePreprocessor.Options options = TablePreprocessor.Options.defaults()
                .withTreatment("size", Treatment.number().withMissing(Missing.MEDIAN));
        for (double[] weights : new double[][] {{1, 2, 3, 1}, {0.1, 0.2, 0.3, 0.1}, {0.37, 0.74, 1.11, 0.37}}) {
            try (FloatMatrix features =
                    TablePreprocessor.fit(table, weights, options).transform(table)) {
                assertThat(features.get(3, 0) - features.get(0, 0)).isCloseTo(1.5f, within(1e-6f));
            }
        }
    }

    /** Two equally frequent values, of which the first is used, also if 0.1 + 0.2 is above 0.3. */
    @Test
    void mostFrequentValuesDependOnRatiosOfWeightsOnly() {
        double[][] rows = {{1, 0}, {0, 1}, {0, 1}, {Double.NaN, Double.NaN}};
        List<Column> columns =
                List.of(Column.number("size"), new Column("kind", Column.Kind.CATEGORY, List.of("a", "b")));
        Table.Builder builder = Table.builder(2);
        Arrays.stream(rows).forEach(builder::add);
        Table table = builder.build(columns);
        TablePreprocessor.Options options = TablePreprocessor.Options.defaults()
                .withTreatment("size", Treatment.number().withMissing(Missing.MOST_FREQUENT))
                .withTreatment("kind", Treatment.oneHot().withMissing(Missing.MOST_FREQUENT));
        for (double[] weights : new double[][] {{3, 1, 2, 1}, {0.3, 0.1, 0.2, 0.1}}) {
            try (FloatMatrix features =
                    TablePreprocessor.fit(table, weights, options).transform(table)) {
                for (int j = 0; j < features.columns(); j++) {
                    assertThat(features.get(3, j)).isEqualTo(features.get(0, j));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true, MEAN, 50, -9999",
        "false, MEAN, 2, 9.97e36",
        "true, MEDIAN, 3, 9.97e36",
        "false, MEDIAN, 50, -9999",
        "true, MOST_FREQUENT, 50, 9.97e36",
        "true, DROP_ROWS, 50, -9999"
    })
    void wholeWeightsAreRepeatedRows(boolean standardize, Missing missing, int categories, double placeholder) {
        double[][] rows = rows(placeholder);
        double[] weights = weights();
        double[][] copies = IntStream.range(0, ROWS)
                .flatMap(i -> IntStream.range(0, (int) weights[i]).map(copy -> i))
                .mapToObj(i -> rows[i])
                .toArray(double[][]::new);
        TablePreprocessor.Options options = options(standardize, missing, categories);
        try (Table weighted = table(rows);
                Table repeated = table(copies)) {
            List<FittedColumn> found =
                    TablePreprocessor.fit(weighted, weights, options).columns();
            List<FittedColumn> expected =
                    TablePreprocessor.fit(repeated, options).columns();
            for (int j = 0; j < found.size(); j++) {
                assertThat(found.get(j).column()).isEqualTo(expected.get(j).column());
                assertThat(found.get(j).other()).isEqualTo(expected.get(j).other());
                assertClose(found.get(j).shift(), expected.get(j).shift());
                assertClose(found.get(j).factor(), expected.get(j).factor());
                assertClose(found.get(j).fill(), expected.get(j).fill());
            }
        }
    }

    private static void assertClose(double found, double expected) {
        if (Double.isNaN(expected)) {
            assertThat(found).isNaN();
        } else {
            assertThat(found).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
        }
    }

    @Test
    void equalWeightsChangeNothing() {
        TablePreprocessor.Options options = options(true, Missing.MEAN, 50);
        double[] equal = new double[ROWS];
        Arrays.fill(equal, 0.3);
        try (Table table = table(rows(2))) {
            TablePreprocessor plain = TablePreprocessor.fit(table, options);
            assertThat(TablePreprocessor.fit(table, equal, options).columns()).isEqualTo(plain.columns());
            assertThat(TablePreprocessor.fit(table, null, options).columns()).isEqualTo(plain.columns());
        }
    }

    /** Sums of weights times values would exceed the range of double. */
    @Test
    void largeWeightsOfLargeValuesHaveMeans() {
        TablePreprocessor.Options options = TablePreprocessor.Options.defaults().withStandardize(true);
        Table.Builder rows = Table.builder(1).add(1e300).add(3e300);
        try (Table table = rows.build(List.of(Column.number("mass")));
                FloatMatrix x = TablePreprocessor.fit(table, new double[] {1e90, 3e90}, options)
                        .transform(table)) {
            assertThat(x.get(0, 0)).isCloseTo((float) -Math.sqrt(3), within(1e-6f));
            assertThat(x.get(1, 0)).isCloseTo((float) Math.sqrt(1 / 3.0), within(1e-6f));
        }
    }

    @Test
    void refusesWeightsThatDoNotFit() {
        TablePreprocessor.Options options = options(true, Missing.MEAN, 50);
        try (Table table = table(rows(2))) {
            assertThatThrownBy(() -> TablePreprocessor.fit(table, new double[2], options))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("2 weights do not pair with 203 rows");
            assertThatThrownBy(() -> TablePreprocessor.fit(table, new double[ROWS], options))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("are 0");
        }
    }
}
