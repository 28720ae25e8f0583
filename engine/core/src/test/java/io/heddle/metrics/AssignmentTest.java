package io.heddle.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AssignmentTest {
    record Table(int rows, int columns, long[] weights) {
        long weight(int row, int column) {
            return weights[row * columns + column];
        }

        /** The best sum by exhaustive search. */
        long best(int row, int usedColumns) {
            if (row == rows) {
                return 0;
            }
            boolean mayStayOut = rows - row > columns - Integer.bitCount(usedColumns);
            long best = mayStayOut ? best(row + 1, usedColumns) : Long.MIN_VALUE;
            for (int column = 0; column < columns; column++) {
                if ((usedColumns & 1 << column) == 0) {
                    best = Math.max(best, weight(row, column) + best(row + 1, usedColumns | 1 << column));
                }
            }
            return best;
        }
    }

    @Provide
    Arbitrary<Table> tables() {
        Arbitrary<Integer> sides = Arbitraries.integers().between(1, 6);
        return Combinators.combine(sides, sides, Arbitraries.of(2L, 20L, 1L << 40))
                .flatAs((rows, columns, maximum) -> Arbitraries.longs()
                        .between(-maximum, maximum)
                        .array(long[].class)
                        .ofSize(rows * columns)
                        .map(weights -> new Table(rows, columns, weights)));
    }

    @Property(tries = 500)
    void agreesWithExhaustiveSearch(@ForAll("tables") Table table) {
        int[] columnOfRow = Assignment.maximize(table.weights(), table.rows(), table.columns());
        assertThat(sumOf(table, columnOfRow)).isEqualTo(table.best(0, 0));
    }

    /** The sum of an assignment, which must be one to one and as large as the shorter side. */
    private static long sumOf(Table table, int[] columnOfRow) {
        int[] assigned = Arrays.stream(columnOfRow).filter(c -> c >= 0).toArray();
        assertThat(columnOfRow).hasSize(table.rows());
        assertThat(assigned).doesNotHaveDuplicates().hasSize(Math.min(table.rows(), table.columns()));
        long sum = 0;
        for (int row = 0; row < table.rows(); row++) {
            sum += columnOfRow[row] < 0 ? 0 : table.weight(row, columnOfRow[row]);
        }
        return sum;
    }

    @Test
    void findsAPlantedAssignmentOfThousandsOfColumns() {
        int rows = 40;
        int columns = 3000;
        SplittableRandom random = new SplittableRandom(5);
        long[] weights = random.longs((long) rows * columns, 0, 1000).toArray();
        for (int row = 0; row < rows; row++) {
            weights[row * columns + row * 71] = 1000 + row;
        }
        Table wide = new Table(rows, columns, weights);
        int[] found = Assignment.maximize(weights, rows, columns);
        for (int row = 0; row < rows; row++) {
            assertThat(found[row]).isEqualTo(row * 71);
        }
        long[] transposed = new long[weights.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = wide.weight(row, column);
            }
        }
        int[] tall = Assignment.maximize(transposed, columns, rows);
        assertThat(sumOf(new Table(columns, rows, transposed), tall)).isEqualTo(sumOf(wide, found));
    }

    @Test
    void anEmptySideAssignsNothing() {
        assertThat(Assignment.maximize(new long[0], 0, 5)).isEmpty();
        assertThat(Assignment.maximize(new long[0], 3, 0)).containsExactly(-1, -1, -1);
    }

    @Test
    void refusesTablesThatDoNotFit() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Assignment.maximize(new long[5], 2, 3))
                .withMessage("5 weights do not fill a table of 2 x 3");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Assignment.maximize(new long[] {Long.MAX_VALUE}, 1, 1))
                .withMessageContaining("outside +-2^40");
    }
}
