package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.ColumnDecision;
import io.heddle.preprocessing.ColumnSummary;
import io.heddle.preprocessing.FittedColumn;
import io.heddle.preprocessing.Table;
import io.heddle.preprocessing.TablePreprocessor;
import io.heddle.preprocessing.Treatment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of {@code io.heddle.preprocessing}. */
class PreprocessingExamplesTest {
    @Test
    void column() {
        // @start region="column"
        Column price = Column.number("price");
        Column color = Column.category("color", List.of("red", "green")); // red is 0, green is 1
        Column sold = Column.of("sold", Column.Kind.DATE); // days since 1970-01-01
        // @end
        assertThat(List.of(price.kind(), color.kind(), sold.kind()))
                .containsExactly(Column.Kind.NUMBER, Column.Kind.CATEGORY, Column.Kind.DATE);
    }

    @Test
    void table() {
        // @start region="table"
        try (Table.Builder builder = Table.builder(2)) {
            builder.add(12.5, 0).add(Double.NaN, 1); // the second price is missing
            List<Column> columns = List.of(Column.number("price"), Column.category("color", List.of("red", "green")));
            try (Table table = builder.build(columns)) {
                double price = table.value(0, table.indexOf("price"));
                // @end
                assertThat(price).isEqualTo(12.5);
            }
        }
    }

    private static Table shop() {
        return Table.builder(3)
                .add(1_700_000_000, 0, Double.NaN)
                .add(1_700_000_600, 1, 12.5)
                .add(1_700_001_200, 0, 20)
                .build(List.of(
                        Column.of("sold", Column.Kind.TIMESTAMP),
                        Column.category("color", List.of("red", "green")),
                        Column.number("price")));
    }

    @Test
    void tablePreprocessor() {
        try (Table table = shop()) {
            // @start region="table-preprocessor"
            TablePreprocessor.Options options = TablePreprocessor.Options.defaults()
                    .withTreatment("sold", Treatment.of(Treatment.Encoding.SECONDS))
                    .withTreatment("color", Treatment.oneHot())
                    .withTreatment("price", Treatment.number().withMissing(Treatment.Missing.MEDIAN));
            TablePreprocessor preprocessor = TablePreprocessor.fit(table, options);
            try (FloatMatrix features = preprocessor.transform(table)) {
                float seconds = features.get(0, 0); // from the mean of all rows
                List<String> names = preprocessor.featureNames();
                // @end
                assertThat(seconds).isEqualTo(-600);
                assertThat(names).containsExactly("sold", "color=red", "color=green", "price");
            }
        }
    }

    @Test
    void decisions() {
        try (Table table = shop()) {
            // @start region="decisions"
            TablePreprocessor.Options options = TablePreprocessor.Options.defaults();
            for (ColumnDecision open : TablePreprocessor.decisions(table, options)) {
                if (open.obvious().isPresent()) {
                    options = options.withTreatment(
                            open.column().name(), open.obvious().get());
                }
            }
            TablePreprocessor preprocessor = TablePreprocessor.fit(table, options);
            // @end
            assertThat(preprocessor.features()).isEqualTo(4);
        }
    }

    @Test
    void treatment() {
        // @start region="treatment"
        Treatment age = Treatment.number().withMissing(Treatment.Missing.MEAN).withIndicator(true);
        Treatment city = Treatment.oneHot().withMissing(Treatment.Missing.CATEGORY);
        Treatment born = Treatment.of(Treatment.Encoding.DAYS);
        // @end
        assertThat(List.of(age.indicator(), city.indicator(), born.indicator())).containsExactly(true, false, false);
    }

    @Test
    void fittedColumn() {
        try (Table table = shop();
                Table prices = table.select(2)) {
            Treatment median = Treatment.number().withMissing(Treatment.Missing.MEDIAN);
            TablePreprocessor preprocessor = TablePreprocessor.fit(
                    prices, TablePreprocessor.Options.defaults().withTreatment("price", median));
            // @start region="fitted-column"
            FittedColumn price = preprocessor.columns().getFirst();
            double middle = price.fill(); // of 12.5 and 20: a missing price counts as 16.25
            double zero = price.shift(); // the price that becomes the feature 0
            // @end
            assertThat(middle).isEqualTo(16.25);
            assertThat(zero).isEqualTo(16.25);
        }
    }

    @Test
    void summary() {
        try (Table table = shop()) {
            // @start region="summary"
            ColumnSummary price = ColumnSummary.of(table, WorkerPool.shared()).get(2);
            double range = price.maximum() - price.minimum();
            // @end
            assertThat(range).isEqualTo(7.5);
            assertThat(price.missing()).isEqualTo(1);
            assertThat(price.distinct()).isEqualTo(2);
        }
    }
}
