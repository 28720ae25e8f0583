package io.heddle.data.array;

import io.heddle.data.DataSource;
import io.heddle.data.FileHash;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Bytes of a mapped file. Rows are converted on request. */
final class BytesSource extends DataSource {
    private final ByteMatrix bytes;
    private final Path file;

    /** @param bytes the bytes, owned by this source unless this throws */
    BytesSource(Description description, ByteMatrix bytes, Path file) {
        super(description);
        this.bytes = bytes;
        this.file = file;
    }

    @Override
    public FloatMatrix read(long from, long to) {
        Objects.checkFromToIndex(from, to, rows());
        FloatMatrix rows = FloatMatrix.allocate(to - from, columns());
        for (long i = from; i < to; i++) {
            bytes.copyRow(i, rows, i - from);
        }
        return rows;
    }

    @Override
    public DataMatrix matrix() {
        return bytes;
    }

    @Override
    public String sha256() throws IOException {
        return FileHash.of(List.of(file));
    }

    @Override
    public void close() {
        bytes.close();
    }
}
