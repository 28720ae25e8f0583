package io.heddle.data.rows;

import io.heddle.data.DataSource;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;

/** Data that were read completely. Rows are returned as views. */
public final class LoadedSource extends DataSource {
    private final FloatMatrix matrix;
    private final Hash hash;

    /** Computes the hash of the content. */
    @FunctionalInterface
    public interface Hash {
        String hex() throws IOException;
    }

    /** @param matrix owned by this source, also if this throws */
    public LoadedSource(Description description, FloatMatrix matrix, Hash hash) {
        super(description);
        this.matrix = matrix;
        this.hash = hash;
    }

    @Override
    public FloatMatrix read(long from, long to) {
        return matrix.rows(from, to);
    }

    /** Needs no memory. */
    @Override
    public FloatMatrix read() {
        return read(0, rows());
    }

    @Override
    public String sha256() throws IOException {
        return hash.hex();
    }

    @Override
    public void close() {
        matrix.close();
    }
}
