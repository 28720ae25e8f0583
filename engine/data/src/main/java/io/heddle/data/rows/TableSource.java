package io.heddle.data.rows;

import io.heddle.data.DataSource;
import io.heddle.data.FieldRows;
import io.heddle.data.Labels;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A table with typed columns that was read completely. */
final class TableSource extends DataSource {
    private final Table table;
    private final Table owner;
    private final Beside beside;
    private final Set<String> rounded;
    private final Optional<FieldRows> fields;
    private final Hash hash;

    /**
     * The IDs and weights of the rows.
     *
     * @param ids one per row, or null
     * @param weights one per row, or null
     */
    record Beside(List<String> ids, double[] weights) {}

    /** Computes the hash of the content. */
    @FunctionalInterface
    interface Hash {
        String hex() throws IOException;
    }

    /**
     * @param table the columns of values
     * @param owner owner of the table's memory, owned by this source
     * @param rounded names of the columns with whole numbers that doubles round
     * @param fields fields of the values, if the file is a text file
     */
    TableSource(
            Description description,
            Table table,
            Table owner,
            Beside beside,
            Set<String> rounded,
            Optional<FieldRows> fields,
            Hash hash) {
        super(description);
        this.table = table;
        this.owner = owner;
        this.beside = beside;
        this.rounded = Set.copyOf(rounded);
        this.fields = fields;
        this.hash = hash;
    }

    @Override
    public Optional<Table> table() {
        return Optional.of(table);
    }

    @Override
    public Optional<List<String>> ids() {
        return Optional.ofNullable(beside.ids);
    }

    @Override
    public Optional<double[]> weights() {
        return Optional.ofNullable(beside.weights);
    }

    @Override
    public long fileRow(long row) {
        return table.sourceRow(row);
    }

    @Override
    public Set<String> rounded() {
        return rounded;
    }

    @Override
    public Optional<FieldRows> fields() {
        return fields;
    }

    /** Reads the numbers unchanged, for images in a table. Other kinds than numbers are refused. */
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
                    row[j] = number(values[j], table.sourceRow(i), j);
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
                "%s has columns that are not numeric: %s; --drop leaves columns out",
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
                        ? "is empty; every row needs a number"
                        : "holds " + value + ", which is out of the range of float");
        return rounded;
    }

    @Override
    public String sha256() throws IOException {
        return hash.hex();
    }

    @Override
    public void close() {
        owner.close();
    }
}
