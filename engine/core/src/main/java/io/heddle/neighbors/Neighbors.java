package io.heddle.neighbors;

import java.util.Objects;

/**
 * The nearest neighbours of rows, ordered by distance, then by number.
 *
 * <p>Immutable, on the heap: 8 bytes per neighbour. Thread-safe.
 *
 * <p>For example: {@snippet file="NeighborsExamplesTest.java" region="nearest-neighbors"}
 */
public final class Neighbors {
    private final int rows;
    private final int count;
    private final int[] indices;
    private final float[] distances;

    /** Takes over the arrays of rows · count, row after row. */
    Neighbors(int rows, int count, int[] indices, float[] distances) {
        this.rows = rows;
        this.count = count;
        this.indices = indices;
        this.distances = distances;
    }

    /** {@return the number of rows} */
    public int rows() {
        return rows;
    }

    /** {@return the number of neighbours of each row} */
    public int count() {
        return count;
    }

    /**
     * {@return the number of a neighbour among the points searched}
     *
     * @param row 0 to {@link #rows()} − 1
     * @param rank 0 for the nearest, to {@link #count()} − 1
     * @throws IndexOutOfBoundsException if there is no such row or rank
     */
    public int index(int row, int rank) {
        return indices[at(row, rank)];
    }

    /**
     * {@return the distance of a neighbour in the metric of the search}
     *
     * @param row number of the row
     * @param rank 0 for the nearest
     * @throws IndexOutOfBoundsException as for {@link #index}
     */
    public float distance(int row, int rank) {
        return distances[at(row, rank)];
    }

    private int at(int row, int rank) {
        return Objects.checkIndex(row, rows) * count + Objects.checkIndex(rank, count);
    }

    /** {@return all numbers, row after row, {@link #count()} each: a copy} */
    public int[] indices() {
        return indices.clone();
    }

    /** {@return all distances in the order of {@link #indices()}: a copy} */
    public float[] distances() {
        return distances.clone();
    }

    @Override
    public String toString() {
        return "Neighbors[%d of each of %d rows]".formatted(count, rows);
    }
}
