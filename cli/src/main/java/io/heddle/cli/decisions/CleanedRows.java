package io.heddle.cli.decisions;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.heddle.data.DataSource;
import io.heddle.data.array.Dtype;
import io.heddle.data.array.NpyWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Writes the labels of the remaining rows, and the remaining rows of an array. */
final class CleanedRows {
    private CleanedRows() {}

    /**
     * Writes {@code index,label}: the number of each row in the original data, and its label. If the column of IDs is
     * called {@code index}, the numbers are called {@code row}, because labels are joined by a column with the name of
     * the IDs.
     *
     * @param id name of the column of IDs, if there is one
     */
    static void labels(Cleaning cleaning, Optional<String> id, Writer out) throws IOException {
        try (CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)) {
            csv.writeRecord(id.filter(Decisions.INDEX::equals).isPresent() ? "row" : Decisions.INDEX, "label");
            for (int row : cleaning.remaining()) {
                csv.writeRecord(Integer.toString(cleaning.names().number(row)), cleaning.label(row));
            }
        }
    }

    /**
     * Writes the remaining rows as an NPY array of their type.
     *
     * @param source source opened with a scale of 1
     */
    static void array(DataSource source, Cleaning cleaning, Path file) throws IOException {
        int[] rows = cleaning.remaining();
        long[] shape = source.images()
                .map(s -> s.channels() == 1
                        ? new long[] {rows.length, s.height(), s.width()}
                        : new long[] {rows.length, s.height(), s.width(), s.channels()})
                .orElse(new long[] {rows.length, source.columns()});
        Dtype dtype = source.dtype().equals(Dtype.UINT8.toString())
                ? Dtype.UINT8
                : source.isWide() ? Dtype.FLOAT64 : Dtype.FLOAT32;
        double[] values = new double[source.columns()];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            NpyWriter.header(dtype, shape, out);
            for (int row : rows) {
                source.readDoubles(row, row + 1L, values);
                NpyWriter.row(values, dtype, row, out);
            }
        }
    }
}
