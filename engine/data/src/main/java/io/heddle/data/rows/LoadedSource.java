package io.heddle.data.rows;

import io.heddle.data.DataSource;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;

/** Data that had to be read in one go; rows are handed out as views. */
public final class LoadedSource extends DataSource {
    private final FloatMatrix matrix;
    private final Hash hash;

    /** Finds the content's hash. */
    @FunctionalInterface
    public interface Hash {
        String hex() throws IOException;
    }

    /** @param matrix belongs to this source from now on, also if the description does not fit */
    public LoadedSource(Description description, FloatMatrix matrix, Hash hash) {
        super(description);
        this.matrix = matrix;
        this.hash = hash;
    }

    @Override
    public FloatMatrix read(long from, long to) {
        return matrix.rows(from, to);
    }

    /** Takes no memory, so none need be free. */
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
