package io.heddle.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.heddle.matrix.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final List<Column> THREE =
            List.of(Column.number("a"), Column.category("b", List.of("x", "y")), Column.of("c", Column.Kind.BOOLEAN));

    private static Table three() {
        return Table.builder(3)
                .add(1.7e9 + 0.25, 1, 0)
                .add(Double.NaN, 0, 1)
                .add(Double.POSITIVE_INFINITY, Double.NaN, 1)
                .build(THREE);
    }

    @Test
    void keepsValuesUnchanged() {
        try (Table table = three()) {
            assertThat(table.rows()).isEqualTo(3);
            assertThat(table.columns()).isEqualTo(THREE);
            assertThat(table.value(0, 0)).isEqualTo(1.7e9 + 0.25);
            assertThat(table.value(1, 0)).isNaN();
            assertThat(table.value(2, 0)).isInfinite();
            assertThat(table.indexOf("c")).isEqualTo(2);
            assertThat(table.indexOf("d")).isEqualTo(-1);
            assertThat(table.named()).isTrue();
        }
    }

    /** The rows are in many blocks. The last block is not full. */
    @Test
    void growsByBlocks() {
        int width = 700;
        int rows = 2000;
        try (Table.Builder builder = Table.builder(width)) {
            double[] row = new double[width];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < width; j++) {
                    row[j] = i * 1000.0 + j;
                }
                builder.add(row);
            }
            builder.set(1999, 3, -1);
            assertThat(builder.value(1999, 3)).isEqualTo(-1);
            List<Column> columns = java.util.stream.IntStream.rangeClosed(1, width)
                    .mapToObj(j -> Column.number(Integer.toString(j)))
                    .toList();
            try (Table table = builder.withoutNames().build(columns)) {
                assertThat(table.named()).isFalse();
                for (int i = 0; i < rows - 1; i += 7) {
                    assertThat(table.value(i, i % width)).isEqualTo(i * 1000.0 + i % width);
                }
                table.getRow(1999, row);
                assertThat(row[3]).isEqualTo(-1);
                assertThat(row[699]).isEqualTo(1999_699);
            }
        }
    }

    @Test
    void viewsHaveTheirOwnColumnsAndRows() {
        try (Table table = three();
                Table swapped = table.select(2, 0);
                Table one = swapped.drop(0).rows(1, 3)) {
            assertThat(swapped.columns()).containsExactly(THREE.get(2), THREE.get(0));
            assertThat(swapped.value(0, 1)).isEqualTo(1.7e9 + 0.25);
            double[] row = new double[2];
            swapped.getRow(1, row);
            assertThat(row).containsExactly(1, Double.NaN);
            assertThat(one.rows()).isEqualTo(2);
            assertThat(one.value(1, 0)).isInfinite();
            Table listed = table.rows(new int[] {2, 0});
            assertThat(listed.value(0, 0)).isInfinite();
            assertThat(listed.rows(1, 2).value(0, 0)).isEqualTo(1.7e9 + 0.25);
            assertThat(listed.rows(new int[] {1}).value(0, 1)).isEqualTo(1);
            assertThatThrownBy(() -> one.rows(new int[] {2})).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> one.value(2, 0)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> table.select(0, 0))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a table cannot have two columns 'a'");
        }
    }

    @Test
    void refusesRowsThatDoNotFitTheColumns() {
        try (Table.Builder builder = Table.builder(1).add(2)) {
            assertThatThrownBy(() -> builder.build(THREE))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("there are 3 columns, but 1 values in a row");
            assertThatThrownBy(() -> builder.build(List.of(Column.category("b", List.of("x", "y")))))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("row 0, column 'b' holds 2.0, which is not an index of a category from 0 to 1");
            assertThatThrownBy(() -> builder.build(List.of(Column.of("b", Column.Kind.BOOLEAN))))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("row 0, column 'b' holds 2.0, which is not a boolean from 0 to 1");
        }
        assertThatThrownBy(() -> new Column("a", Column.Kind.NUMBER, List.of("x")))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Column.category("a", List.of("x", "x"))).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void cannotBeUsedAfterClose() {
        Table table = three();
        Table view = table.rows(0, 1);
        view.close();
        assertThat(table.value(0, 2)).isZero();
        table.close();
        table.close();
        assertThatThrownBy(() -> view.value(0, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this table is closed");
        Table.Builder builder = Table.builder(1);
        builder.build(List.of(Column.number("a"))).close();
        assertThatThrownBy(() -> builder.add(1)).isInstanceOf(IllegalStateException.class);
    }
}
