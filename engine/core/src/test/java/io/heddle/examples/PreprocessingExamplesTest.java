package io.heddle.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
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
}
