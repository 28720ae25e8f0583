package io.heddle.cluster;

import io.heddle.internal.rows.RowReader;
import io.heddle.matrix.DataMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;

/**
 * Assigns rows to the nearest centres by distances from all centres in double, for rows whose squared distances leave
 * the range of float. It keeps nothing of a row.
 */
final class DoubleAssignment implements CenterAssignment {
    private static final int BLOCK = 64;

    private final RowReader reader;
    private final FloatMatrix centers;
    private final int[] labels;
    private final WorkerPool pool;
    private final RowSlices slices;
    private final ChangedRows changed;

    /**
     * @param centers K × d; read again by every {@link #assign}
     * @param labels n, all −1 at first; {@link #assign} fills it
     */
    DoubleAssignment(DataMatrix x, FloatMatrix centers, int[] labels, WorkerPool pool) {
        this.reader = RowReader.of(x, pool);
        this.centers = centers;
        this.labels = labels;
        this.pool = pool;
        slices = RowSlices.of(labels.length, BLOCK);
        changed = new ChangedRows(slices, labels.length);
    }

    @Override
    public void forget(int row) {
        // Nothing is kept.
    }

    @Override
    public void centersMoved(double[] squaredShifts) {
        // All distances are computed again.
    }

    @Override
    public ChangedRows assign() {
        pool.run(slices.count(), (slice, worker) -> {
            changed.clear(slice);
            for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                int before = labels[i];
                labels[i] = DifferenceNearestCenter.nearest(reader.floats(), reader.read(i, worker), centers);
                if (labels[i] != before) {
                    changed.add(slice, i, before);
                }
            }
        });
        return changed.join();
    }

    @Override
    public void close() {
        reader.close();
    }
}
