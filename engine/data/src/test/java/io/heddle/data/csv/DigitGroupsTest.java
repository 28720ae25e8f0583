package io.heddle.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.TextOptions;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests numbers with marks between thousands. */
class DigitGroupsTest {
    @TempDir
    Path folder;

    private DataSource open(String fields, TextOptions text) throws IOException {
        Path file = Files.writeString(
                folder.resolve("t.csv"), "x;kind;y\n" + fields.strip().replace("|", ";a;7\n") + ";b;8\n");
        return DataSource.open(
                file.toString(), DataOptions.defaults().withSeparator(';').withText(text), note -> {});
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '"',
            value = {
                ". ! 1.234,5|12|-1.234.567",
                ". ! 1.234|12|-1.234.567,25",
                ", ! 1,234.5|12|-1,234,567",
                "' ! 1'234.5|12|-1\u2019234\u2019567",
                "' ! 1'234,5|12,25|-1'234'567",
                "s ! 1 234.5|12|-1\u00a0234\u202f567"
            })
    void readsMarksBetweenThousands(String mark, String fields) throws IOException {
        TextOptions text = TextOptions.defaults().withThousands(mark.equals("s") ? ' ' : mark.charAt(0));
        try (DataSource data = open(fields, text)) {
            Table table = data.table().orElseThrow();
            assertThat(table.columns().getFirst()).isEqualTo(Column.number("x"));
            assertThat(table.value(0, 0)).isIn(1234.5, 1234.0);
            assertThat(table.value(1, 0)).isIn(12.0, 12.25);
            assertThat(table.value(2, 0)).isIn(-1234567.0, -1234567.25);
            List<String> written = new ArrayList<>();
            data.fields().orElseThrow().forEach((row, values) -> written.add(values[0]));
            assertThat(Double.parseDouble(written.getLast())).isEqualTo(table.value(2, 0));
        }
    }

    /** Marks in other places, and decimals with the mark, are not numbers. */
    @ParameterizedTest
    @CsvSource({"1.5", "12.34", "1234.567", "1.2345", "0.123", "1..234", "1.234.", ".123", "1.234.5"})
    void marksInOtherPlacesAreText(String field) throws IOException {
        try (DataSource data = open("1.234|" + field, TextOptions.defaults().withThousands('.'))) {
            Column column = data.table().orElseThrow().columns().getFirst();
            assertThat(column.categories()).containsExactly("1.234", field);
        } catch (InvalidInputException e) {
            assertThat(e).hasMessageContaining("'" + field + "'");
        }
    }

    @Test
    void oneMarkHasOneMeaning() {
        TextOptions comma = TextOptions.defaults().withDecimal(',');
        assertThatThrownBy(() -> comma.withThousands(','))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("',' cannot be the decimal mark and the mark between thousands");
        assertThatThrownBy(() -> comma.withThousands('x'))
                .hasMessage("the mark between thousands must be . or , or ' or a blank and not 'x'");
    }
}
