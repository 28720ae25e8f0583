package io.heddle.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Treatment.Encoding;
import io.heddle.preprocessing.Treatment.Missing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TablePreprocessorTest {
    private static final double NONE = Double.NaN;
    private static final TablePreprocessor.Options DEFAULTS = TablePreprocessor.Options.defaults();

    private static Table table(List<Column> columns, double[]... rows) {
        Table.Builder builder = Table.builder(columns.size());
        for (double[] row : rows) {
            builder.add(row);
        }
        return builder.build(columns);
    }

    private static double[] row(double... values) {
        return values;
    }

    private static double[][] features(TablePreprocessor preprocessor, Table table) {
        try (FloatMatrix m = preprocessor.transform(table)) {
            double[][] out = new double[(int) m.rows()][m.columns()];
            for (int i = 0; i < out.length; i++) {
                for (int j = 0; j < m.columns(); j++) {
                    out[i][j] = m.get(i, j);
                }
            }
            return out;
        }
    }

    /** The mean is 5e9, near which floats are 512 apart. */
    @Test
    void keepsTheDigitsOfValuesBesideAHugeOne() {
        double[][] rows = new double[200][];
        Random random = new Random(1);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(i == 100 ? 1e12 : 1_700_000_000 + i % 7, i == 100 ? 1e12 : random.nextGaussian());
        }
        try (Table table = table(List.of(Column.number("time"), Column.number("size")), rows)) {
            double[][] x = features(TablePreprocessor.fit(table, DEFAULTS), table);
            for (int i = 1; i < 100; i++) {
                assertThat(x[i][0] - x[0][0]).isEqualTo(i % 7);
                assertThat(x[i][1] - x[0][1]).isEqualTo(rows[i][1] - rows[0][1], within(1e-6));
            }
        }
    }

    private static double shift(Column column, double[] values) {
        double[][] rows = Arrays.stream(values).mapToObj(value -> row(value)).toArray(double[][]::new);
        try (Table table = table(List.of(column), rows)) {
            return TablePreprocessor.fit(table, DEFAULTS).columns().getFirst().shift();
        }
    }

    /** More than half of the values are equal, so the median distance from the median is 0. */
    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.1, 0.39, 0.49, 0.51, 0.9})
    void centersColumnsWithAFrequentValue(double share) {
        Random random = new Random(7);
        double[] booleans = random.doubles(3000).map(v -> v < share ? 1 : 0).toArray();
        double[] counts =
                Arrays.stream(booleans).map(v -> v * (1 + random.nextInt(9))).toArray();
        double[] amounts = Arrays.stream(booleans)
                .map(v -> v * Math.exp(random.nextGaussian()))
                .toArray();
        double[] times = Arrays.stream(booleans).map(v -> v * 1_700_000_000).toArray();
        for (double[] values : List.of(booleans, counts, amounts, times)) {
            double mean = Arrays.stream(values).average().orElseThrow();
            assertThat(shift(Column.number("x"), values)).isEqualTo(mean, within(1e-9 * mean));
        }
        assertThat(shift(Column.of("x", Column.Kind.BOOLEAN), booleans))
                .isEqualTo(Arrays.stream(booleans).average().orElseThrow(), within(1e-9));
    }

    @Test
    void keepsTheDigitsOfRareValuesBesidePlaceholders() {
        Random random = new Random(8);
        double[] usual = new double[3000];
        double[] frequent = new double[3000];
        double[] rare = new double[100_000];
        for (int i = 0; i < usual.length; i++) {
            usual[i] = random.nextDouble() < 0.6 ? 0 : 1;
            double u = random.nextDouble();
            frequent[i] = u < 0.94 ? 0 : u < 0.98 ? Integer.MAX_VALUE : 1 + random.nextInt(9);
        }
        usual[1234] = 1e12;
        // The sample has zeros only.
        rare[10] = 1e12;
        for (int i = 20; i < 30; i++) {
            rare[i] = i;
        }
        for (double[] values : List.of(usual, frequent, rare)) {
            assertThat(shift(Column.number("x"), values)).isZero();
        }
    }

    /** A sample of every seventh row would have zeros only. */
    @Test
    void keepsTheDigitsOfValuesInPeriodicRows() {
        double[] times = new double[7 * 1023];
        for (int i = 0; i < times.length; i++) {
            times[i] = i % 7 == 0 ? 0 : 1_700_000_000 + i;
        }
        assertThat(shift(Column.number("time"), times)).isEqualTo(1_700_003_000, within(3000.0));
    }

    /** Floats near these values are 128 apart. */
    @Test
    void centersInDoubleSoThatUnixTimesKeepTheirDigits() {
        try (Table times = table(
                List.of(Column.number("time")), row(1_700_000_000.25), row(1_700_000_001.5), row(1_700_000_002.5))) {
            TablePreprocessor preprocessor = TablePreprocessor.fit(times, DEFAULTS);
            double[][] x = features(preprocessor, times);
            assertThat(x[1][0] - x[0][0]).isEqualTo(1.25, within(1e-6));
            assertThat(x[2][0] - x[1][0]).isEqualTo(1.0, within(1e-6));
            assertThat(x[0][0] + x[1][0] + x[2][0]).isEqualTo(0, within(1e-6));
            assertThat(features(TablePreprocessor.fit(times, DEFAULTS.withCenter(false)), times)[0][0])
                    .isEqualTo(1_700_000_000);
        }
    }

    @Test
    void scalesOnlyIfRequested() {
        Random random = new Random(3);
        double[][] rows = new double[5000][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(1e6 + random.nextGaussian(), 1e-3 * random.nextGaussian(), 7);
        }
        List<Column> columns = List.of(Column.number("a"), Column.number("b"), Column.number("constant"));
        try (Table table = table(columns, rows)) {
            TablePreprocessor plain = TablePreprocessor.fit(table, DEFAULTS);
            TablePreprocessor scaled = TablePreprocessor.fit(table, DEFAULTS.withStandardize(true));
            assertThat(plain.columns()).allMatch(c -> c.factor() == 1);
            double[][] x = features(scaled, table);
            for (int j = 0; j < 2; j++) {
                double sum = 0;
                double squares = 0;
                for (double[] values : x) {
                    sum += values[j];
                    squares += values[j] * values[j];
                }
                assertThat(sum / rows.length).isEqualTo(0, within(1e-6));
                assertThat(squares / rows.length).isEqualTo(1, within(1e-6));
            }
            assertThat(x[17][2]).isZero();
        }
    }

    @Test
    void textBecomesAFeatureForEachCategory() {
        List<Column> columns = List.of(Column.category("city", List.of("Rome", "Oslo", "Bonn")));
        try (Table table = table(columns, row(0), row(1), row(0), row(2), row(NONE))) {
            TablePreprocessor all = TablePreprocessor.fit(
                    table, DEFAULTS.withTreatment("city", Treatment.oneHot().withMissing(Missing.CATEGORY)));
            assertThat(all.featureNames()).containsExactly("city=Rome", "city=Oslo", "city=Bonn", "city (missing)");
            assertThat(features(all, table))
                    .isDeepEqualTo(
                            new double[][] {{1, 0, 0, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}});
            TablePreprocessor few = TablePreprocessor.fit(
                    table,
                    DEFAULTS.withMaxCategories(1)
                            .withTreatment("city", Treatment.oneHot().withMissing(Missing.MOST_FREQUENT)));
            assertThat(few.featureNames()).containsExactly("city=Rome", "city (other)");
            assertThat(features(few, table)).isDeepEqualTo(new double[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}});
        }
    }

    /** The new table numbers its categories differently and has one that the training rows do not have. */
    @Test
    void matchesColumnsAndCategoriesByName() {
        List<Column> columns = List.of(Column.number("a"), Column.number("b"), Column.category("c", List.of("x", "y")));
        List<Column> others = List.of(
                Column.category("c", List.of("z", "y", "x")),
                Column.number("extra"),
                Column.number("b"),
                Column.number("a"));
        try (Table table = table(columns, row(1, 10, 0), row(3, 30, 1));
                Table other = table(others, row(2, 0, 30, 3), row(1, 0, 10, 1), row(0, 0, 10, 1))) {
            TablePreprocessor preprocessor =
                    TablePreprocessor.fit(table, DEFAULTS.withTreatment("c", Treatment.oneHot()));
            assertThat(features(preprocessor, other))
                    .isDeepEqualTo(new double[][] {{1, 10, 1, 0}, {-1, -10, 0, 1}, {-1, -10, 0, 0}});
            assertThat(preprocessor.extraColumns(other)).containsExactly("extra");
            assertThat(preprocessor.unknownCategories(other)).isEqualTo(Map.of("c", List.of("z")));
            assertThat(preprocessor.unknownCategories(table)).isEmpty();
            Table none = other.drop(0, 2);
            assertThat(preprocessor.missingColumns(none)).containsExactly("b", "c");
            assertThatThrownBy(() -> preprocessor.transform(none))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("the columns 'b', 'c' of the model are not in the table");
        }
    }

    @Test
    void matchesByPlaceOnlyWithoutNames() {
        List<Column> places = List.of(Column.number("1"), Column.number("2"));
        List<Column> names = List.of(Column.number("b"), Column.number("a"));
        try (Table plain = Table.builder(2).add(0, 1).add(2, 5).withoutNames().build(places);
                Table named = table(names, row(0, 1), row(2, 5))) {
            TablePreprocessor ofPlaces = TablePreprocessor.fit(plain, DEFAULTS);
            TablePreprocessor ofNames = TablePreprocessor.fit(named, DEFAULTS);
            assertThat(ofPlaces.named()).isFalse();
            assertThat(ofPlaces.matchesByPlace(named)).isTrue();
            assertThat(ofNames.matchesByPlace(plain)).isTrue();
            assertThat(ofNames.matchesByPlace(named)).isFalse();
            assertThat(features(ofPlaces, named)).isDeepEqualTo(features(ofNames, plain));
            assertThat(ofPlaces.matchesByPlace(named.drop(0))).isFalse();
            assertThatThrownBy(() -> ofPlaces.transform(named.drop(0))).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void fillsMissingValuesIn() {
        List<Column> columns = List.of(Column.number("a"), Column.of("t", Column.Kind.BOOLEAN));
        try (Table table = table(columns, row(1, 1), row(NONE, 1), row(2, NONE), row(9, 0))) {
            for (Map.Entry<Missing, Double> expected : Map.of(
                            Missing.MEAN, 4.0, Missing.MEDIAN, 2.0, Missing.MOST_FREQUENT, 1.0)
                    .entrySet()) {
                TablePreprocessor preprocessor = TablePreprocessor.fit(
                        table,
                        DEFAULTS.withCenter(false)
                                .withTreatment(
                                        "a",
                                        Treatment.number()
                                                .withMissing(expected.getKey())
                                                .withIndicator(true))
                                .withTreatment("t", Treatment.number().withMissing(Missing.MOST_FREQUENT)));
                assertThat(preprocessor.featureNames()).containsExactly("a", "a (missing)", "t");
                assertThat(features(preprocessor, table))
                        .isDeepEqualTo(new double[][] {{1, 0, 1}, {expected.getValue(), 1, 1}, {2, 0, 1}, {9, 0, 0}});
            }
            TablePreprocessor.Options dropping = DEFAULTS.withTreatment(
                            "a", Treatment.number().withMissing(Missing.DROP_ROWS))
                    .withTreatment("t", Treatment.number().withMissing(Missing.DROP_ROWS));
            Optional<int[]> complete = TablePreprocessor.completeRows(table, dropping);
            assertThat(complete).hasValue(new int[] {0, 3});
            TablePreprocessor preprocessor = TablePreprocessor.fit(table, dropping);
            assertThat(features(preprocessor, table.rows(complete.get())))
                    .isDeepEqualTo(new double[][] {{-4, 0.5}, {4, -0.5}});
            assertThatThrownBy(() -> preprocessor.transform(table.rows(2, 4)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("row 2, column 't' is empty");
        }
    }

    @Test
    void datesBecomeDaysOrSeconds() {
        List<Column> columns = List.of(Column.of("day", Column.Kind.DATE), Column.of("at", Column.Kind.TIMESTAMP));
        try (Table table = table(columns, row(19_000, 19_000 * 86_400.0), row(19_002, 19_000 * 86_400.0 + 60))) {
            TablePreprocessor own = TablePreprocessor.fit(
                    table,
                    DEFAULTS.withTreatment("day", Treatment.of(Encoding.DAYS))
                            .withTreatment("at", Treatment.of(Encoding.SECONDS)));
            assertThat(features(own, table)).isDeepEqualTo(new double[][] {{-1, -30}, {1, 30}});
            TablePreprocessor turned = TablePreprocessor.fit(
                    table,
                    DEFAULTS.withTreatment("day", Treatment.of(Encoding.SECONDS))
                            .withTreatment("at", Treatment.of(Encoding.DAYS)));
            assertThat(features(turned, table)[1][0]).isEqualTo(86_400);
            assertThat(features(turned, table)[1][1]).isEqualTo(30 / 86_400.0, within(1e-9));
        }
    }

    @Test
    void namesAllColumnsThatNeedADecision() {
        List<Column> columns = List.of(
                Column.number("plain"),
                Column.number("gaps"),
                Column.category("city", List.of("Rome", "Oslo")),
                Column.of("day", Column.Kind.DATE));
        try (Table table = table(columns, row(1, NONE, 0, 5), row(2, 2, NONE, 6))) {
            assertThatThrownBy(() -> TablePreprocessor.fit(table, DEFAULTS))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("columns need a treatment: 'gaps' (1 of 2 missing), 'city' (text, 1 of 2 missing),"
                            + " 'day' (dates)");
            List<Optional<Treatment>> obvious = TablePreprocessor.decisions(table, DEFAULTS).stream()
                    .map(ColumnDecision::obvious)
                    .toList();
            assertThat(obvious)
                    .containsExactly(
                            Optional.of(Treatment.number().withMissing(Missing.MEDIAN)),
                            Optional.of(Treatment.oneHot().withMissing(Missing.CATEGORY)),
                            Optional.of(Treatment.of(Encoding.DAYS)));
        }
    }

    @Test
    void suggestsToLeaveOutTextThatDiffersInEachRow() {
        List<String> names = new ArrayList<>();
        Table.Builder builder = Table.builder(1);
        for (int i = 0; i < 40; i++) {
            names.add("product " + i);
            builder.add(i);
        }
        try (Table table = builder.build(List.of(Column.category("name", names)))) {
            assertThat(TablePreprocessor.decisions(table, DEFAULTS).getFirst().obvious())
                    .isEmpty();
        }
    }

    @Test
    void refusesValuesOutsideTheRangeOfFloat() {
        try (Table endless = table(List.of(Column.number("a")), row(1), row(Double.POSITIVE_INFINITY));
                Table huge = table(List.of(Column.number("a")), row(1), row(1e300));
                Table text = table(List.of(Column.category("a", List.of("abc"))), row(0));
                Table numbers = table(List.of(Column.number("a")), row(1), row(2))) {
            assertThatThrownBy(() -> TablePreprocessor.fit(endless, DEFAULTS))
                    .hasMessage("row 1, column 'a' holds Infinity, which is not a finite number");
            assertThatThrownBy(() -> TablePreprocessor.fit(huge, DEFAULTS))
                    .hasMessageEndingWith("convert the column to another unit, or standardize the columns");
            TablePreprocessor scaled = TablePreprocessor.fit(huge, DEFAULTS.withStandardize(true));
            assertThat(features(scaled, huge)[1][0]).isEqualTo(1, within(1e-6));
            TablePreprocessor preprocessor = TablePreprocessor.fit(numbers, DEFAULTS);
            assertThatThrownBy(() -> preprocessor.transform(endless))
                    .hasMessage("row 1, column 'a' holds Infinity, which is not a finite number");
            assertThatThrownBy(() -> preprocessor.transform(huge))
                    .hasMessage("row 1, column 'a' holds 1.0E300, which is out of the range of float");
            assertThatThrownBy(() -> preprocessor.transform(text))
                    .hasMessage("column 'a' holds text such as 'abc', but the model takes numbers there");
            assertThatThrownBy(() ->
                            TablePreprocessor.fit(numbers, DEFAULTS.withTreatment("a", Treatment.of(Encoding.DAYS))))
                    .hasMessage("column 'a' holds numbers, which cannot become days");
            assertThatThrownBy(() -> TablePreprocessor.fit(numbers, DEFAULTS.withTreatment("b", Treatment.number())))
                    .hasMessageContaining("'b'");
        }
    }

    @Test
    void numbersCanBeCategories() {
        try (Table codes = table(List.of(Column.number("zip")), row(10115), row(80331), row(10115))) {
            TablePreprocessor preprocessor =
                    TablePreprocessor.fit(codes, DEFAULTS.withTreatment("zip", Treatment.oneHot()));
            assertThat(preprocessor.featureNames()).containsExactly("zip=10115", "zip=80331");
            assertThat(features(preprocessor, codes)).isDeepEqualTo(new double[][] {{1, 0}, {0, 1}, {1, 0}});
            try (Table text = table(List.of(Column.category("zip", List.of("80331", "1"))), row(0), row(1))) {
                assertThat(features(preprocessor, text)).isDeepEqualTo(new double[][] {{0, 1}, {0, 0}});
            }
        }
    }

    @Test
    void aRowOfNumbersBecomesTheSameFeatures() {
        try (Table table = table(List.of(Column.number("a"), Column.number("b")), row(1e9, 1), row(1e9 + 1, NONE))) {
            TablePreprocessor preprocessor = TablePreprocessor.fit(
                    table,
                    DEFAULTS.withTreatment(
                            "b", Treatment.number().withMissing(Missing.MEAN).withIndicator(true)));
            double[][] expected = features(preprocessor, table);
            float[] made = new float[3];
            for (int i = 0; i < 2; i++) {
                preprocessor.transform(new double[] {table.value(i, 0), table.value(i, 1)}, made);
                assertThat(new double[] {made[0], made[1], made[2]}).containsExactly(expected[i]);
            }
        }
    }

    @Test
    void numbersAreBooleansOnlyIfTheyAreZeroOrOne() {
        TablePreprocessor fitted;
        try (Table.Builder builder = Table.builder(1)) {
            builder.add(0).add(1);
            try (Table table = builder.build(List.of(Column.of("ok", Column.Kind.BOOLEAN)))) {
                fitted = TablePreprocessor.fit(table, TablePreprocessor.Options.defaults());
            }
        }
        try (Table.Builder builder = Table.builder(1)) {
            builder.add(1).add(0);
            try (Table table = builder.build(List.of(Column.number("ok")));
                    FloatMatrix made = fitted.transform(table)) {
                assertThat(made.get(0, 0)).isEqualTo(0.5f);
                assertThat(made.get(1, 0)).isEqualTo(-0.5f);
            }
        }
        try (Table.Builder builder = Table.builder(1)) {
            builder.add(1).add(7);
            try (Table table = builder.build(List.of(Column.number("ok")))) {
                assertThatThrownBy(() -> fitted.transform(table))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("row 1, column 'ok' holds 7.0, but the model takes booleans");
            }
        }
    }

    /** In Parquet files they are text, in CSV files booleans. */
    @Test
    void wordsOfBooleansAreBooleans() {
        TablePreprocessor fitted;
        try (Table truths = table(List.of(Column.of("ok", Column.Kind.BOOLEAN)), row(1), row(0))) {
            fitted = TablePreprocessor.fit(truths, DEFAULTS);
        }
        for (List<String> words :
                List.of(List.of("No", "yes"), List.of("FALSE", "TRUE"), List.of("no", "yes", "Yes"))) {
            try (Table texts = table(List.of(Column.category("ok", words)), row(1), row(0));
                    FloatMatrix made = fitted.transform(texts)) {
                assertThat(made.get(0, 0)).isEqualTo(0.5f);
                assertThat(made.get(1, 0)).isEqualTo(-0.5f);
            }
        }
        try (Table texts = table(List.of(Column.category("ok", List.of("no", "true"))), row(1), row(0))) {
            assertThatThrownBy(() -> fitted.transform(texts))
                    .hasMessage("column 'ok' holds text such as 'no', but the model takes booleans there");
        }
    }

    @Test
    void booleansAreNotNumbers() {
        TablePreprocessor fitted;
        try (Table numbers = table(List.of(Column.number("size")), row(3), row(5))) {
            fitted = TablePreprocessor.fit(numbers, DEFAULTS);
        }
        try (Table truths = table(List.of(Column.of("size", Column.Kind.BOOLEAN)), row(1), row(0))) {
            assertThatThrownBy(() -> fitted.transform(truths))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("column 'size' holds booleans, but the model takes numbers there");
        }
    }

    /** Floats below 1.4e-45 are 0, so the rows would become equal without a message. */
    @Test
    void refusesColumnsThatFloatsRoundToZeroUnlessTheyAreStandardized() {
        try (Table tiny = table(List.of(Column.number("tiny")), row(1e-46), row(3e-46), row(5e-46))) {
            assertThatThrownBy(() -> TablePreprocessor.fit(tiny, DEFAULTS))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("column 'tiny' holds values from 1.0E-46 to 5.0E-46")
                    .hasMessageContaining("too small for floats");
            double[][] x = features(TablePreprocessor.fit(tiny, DEFAULTS.withStandardize(true)), tiny);
            assertThat(x[0][0]).isEqualTo(-Math.sqrt(1.5), within(1e-6));
            assertThat(x[1][0]).isEqualTo(0, within(1e-6));
            assertThat(x[2][0]).isEqualTo(Math.sqrt(1.5), within(1e-6));
        }
        try (Table constant = table(List.of(Column.number("none")), row(0), row(0))) {
            assertThat(features(TablePreprocessor.fit(constant, DEFAULTS), constant)[1][0])
                    .isZero();
        }
    }
}
