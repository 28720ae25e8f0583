package io.heddle.metrics;

import io.heddle.matrix.InvalidInputException;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrays;
import java.util.Arrays;
import java.util.Objects;

/**
 * The number of points of each pair of class and cluster. Only pairs that occur are stored, so two labelings of n
 * points take O(n) memory for any labels.
 *
 * <p>Classes and clusters are numbered from 0 in ascending order of their labels; {@link #classLabel(int)} and
 * {@link #clusterLabel(int)} return the labels.
 *
 * <p>For example: {@snippet file="MetricsExamplesTest.java" region="contingency-table"}
 */
public final class ContingencyTable {
    /** Maximum number of cells, of 8 bytes each, counted in an array; above it a hash map is used. */
    private static final long DENSE_CELLS = 1L << 22;

    private final int[] classLabels;
    private final int[] clusterLabels;
    private final long[] classSizes;
    private final long[] clusterSizes;
    private final long total;

    // The occurring pairs as class · clusters + cluster, ascending, and their counts.
    private final long[] cells;
    private final long[] counts;

    private ContingencyTable(IndexedLabels classes, IndexedLabels clusters) {
        classLabels = classes.values();
        clusterLabels = clusters.values();
        classSizes = classes.sizes();
        clusterSizes = clusters.sizes();
        total = classes.indices().length;
        if ((long) classLabels.length * clusterLabels.length <= DENSE_CELLS) {
            long[] table = countDense(classes, clusters);
            cells = new long[(int) Arrays.stream(table).filter(n -> n > 0).count()];
            counts = new long[cells.length];
            int next = 0;
            for (int cell = 0; cell < table.length; cell++) {
                if (table[cell] > 0) {
                    cells[next] = cell;
                    counts[next++] = table[cell];
                }
            }
        } else {
            Long2LongOpenHashMap table = countSparse(classes, clusters);
            cells = table.keySet().toLongArray();
            LongArrays.radixSort(cells);
            counts = new long[cells.length];
            Arrays.setAll(counts, i -> table.get(cells[i]));
        }
    }

    /**
     * Counts the pairs of two labelings of the same points, in O(n).
     *
     * @param truth the class of each point, any ints ≥ 0
     * @param clusters the cluster of each point, any ints ≥ 0
     * @return the table
     * @throws InvalidInputException if there is no label, the lengths differ or a label is negative
     */
    public static ContingencyTable of(int[] truth, int[] clusters) {
        IndexedLabels.requirePaired(truth, clusters, "cluster labels");
        return new ContingencyTable(
                IndexedLabels.index(truth, "true label"), IndexedLabels.index(clusters, "cluster label"));
    }

    private static long[] countDense(IndexedLabels classes, IndexedLabels clusters) {
        int columns = clusters.distinct();
        long[] table = new long[classes.distinct() * columns];
        int[] c = classes.indices();
        int[] k = clusters.indices();
        for (int i = 0; i < c.length; i++) {
            table[c[i] * columns + k[i]]++;
        }
        return table;
    }

    private static Long2LongOpenHashMap countSparse(IndexedLabels classes, IndexedLabels clusters) {
        long columns = clusters.distinct();
        Long2LongOpenHashMap table = new Long2LongOpenHashMap();
        int[] c = classes.indices();
        int[] k = clusters.indices();
        for (int i = 0; i < c.length; i++) {
            table.addTo(c[i] * columns + k[i], 1);
        }
        return table;
    }

    /** {@return the number of points} */
    public long total() {
        return total;
    }

    /** {@return the number of classes that occur} */
    public int classes() {
        return classLabels.length;
    }

    /** {@return the number of clusters that occur} */
    public int clusters() {
        return clusterLabels.length;
    }

    /**
     * {@return the label of a class, given its number}
     *
     * @param c number of the class
     */
    public int classLabel(int c) {
        return classLabels[c];
    }

    /**
     * {@return the label of a cluster, given its number}
     *
     * @param k number of the cluster
     */
    public int clusterLabel(int k) {
        return clusterLabels[k];
    }

    /**
     * {@return the number of points in a class, given its number}
     *
     * @param c number of the class
     */
    public long classSize(int c) {
        return classSizes[c];
    }

    /**
     * {@return the number of points in a cluster, given its number}
     *
     * @param k number of the cluster
     */
    public long clusterSize(int k) {
        return clusterSizes[k];
    }

    /**
     * {@return the number of points that a class and a cluster share, given their numbers}
     *
     * @param c number of the class
     * @param k number of the cluster
     * @throws IndexOutOfBoundsException if the class or the cluster does not exist
     */
    public long count(int c, int k) {
        Objects.checkIndex(c, classes());
        Objects.checkIndex(k, clusters());
        int found = Arrays.binarySearch(cells, (long) c * clusters() + k);
        return found < 0 ? 0 : counts[found];
    }

    /** Receives each pair that occurs and its number of points. */
    @FunctionalInterface
    public interface CellVisitor {
        /**
         * Receives a cell.
         *
         * @param c number of the class
         * @param k number of the cluster
         * @param count points that both share, ≥ 1
         */
        void visit(int c, int k, long count);
    }

    /**
     * Visits each pair that occurs, by class, then by cluster.
     *
     * @param visitor receives each cell
     */
    public void forEach(CellVisitor visitor) {
        long columns = clusters();
        for (int i = 0; i < cells.length; i++) {
            visitor.visit((int) (cells[i] / columns), (int) (cells[i] % columns), counts[i]);
        }
    }
}
