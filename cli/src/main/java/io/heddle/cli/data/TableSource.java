package io.heddle.cli.data;

import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A table that was read in one go, typed by column. */
final class TableSource extends DataSource {
    private final Table table;
    private final List<String> ids;
    private final double[] weights;
    private final Hash hash;

    /** Finds the content's hash. */
    @FunctionalInterface
    interface Hash {
        String hex() throws IOException;
    }

    /**
     * @param table the columns of values; belongs to this source from now on, also if the description does not fit
     * @param ids one a row, or null
     * @param weights one a row, or null
     */
    TableSource(Description description, Table table, List<String> ids, double[] weights, Hash hash) {
        super(description);
        this.table = table;
        this.ids = ids;
        this.weights = weights;
        this.hash = hash;
    }

    @Override
    public Optional<Table> table() {
        return Optional.of(table);
    }

    @Override
    public Optional<List<String>> ids() {
        return Optional.ofNullable(ids);
    }

    @Override
    public Optional<double[]> weights() {
        return Optional.ofNullable(weights);
    }

    /** The numbers as they are: for images in a table. Anything else than numbers is refused. */
    @Override
    public FloatMatrix read(long from, long to) throws IOException {
        Objects.checkFromToIndex(from, to, rows());
        requireNumbers();
        FloatMatrix m = FloatMatrix.allocate(to - from, columns());
        try {
            double[] values = new double[columns()];
            float[] row = new float[columns()];
            for (long i = from; i < to; i++) {
                table.getRow(i, values);
                for (int j = 0; j < row.length; j++) {
                    row[j] = number(values[j], i, j);
                }
                m.setRow(i - from, row);
            }
            return m;
        } catch (RuntimeException | Error e) {
            m.close();
            throw e;
        }
    }

    private void requireNumbers() {
        List<String> others = table.columns().stream()
                .filter(column -> column.kind() != Column.Kind.NUMBER && column.kind() != Column.Kind.BOOLEAN)
                .map(Column::name)
                .toList();
        InvalidInputException.require(
                others.isEmpty(),
                "%s has columns that hold no numbers: %s; --drop leaves columns out",
                name(),
                Labels.list(others));
    }

    private float number(double value, long row, int column) {
        float rounded = (float) value;
        InvalidInputException.require(
                Float.isFinite(rounded),
                "%s, row %d, column '%s' %s",
                name(),
                row,
                table.columns().get(column).name(),
                Double.isNaN(value)
                        ? "is empty; every row needs a number there"
                        : "holds " + value + ", which no float can be");
        return rounded;
    }

    @Override
    public String sha256() throws IOException {
        return hash.hex();
    }

    @Override
    public void close() {
        table.close();
    }
}
