package io.heddle.cluster;

/** Assigns rows to their nearest centres while the centres move, and remembers what it knows of each row. */
sealed interface CenterAssignment extends AutoCloseable
        permits BoundedAssignment, DoubleAssignment, SketchedAssignment {
    /** Forgets the distances of a row, so that its distances to all centres are computed next time. */
    void forget(int row);

    /** Records how far each centre has moved. */
    void centersMoved(double[] squaredShifts);

    /** Assigns all rows; returns the rows whose centre changed. */
    ChangedRows assign();

    @Override
    void close();
}
