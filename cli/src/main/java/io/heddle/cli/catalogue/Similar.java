package io.heddle.cli.catalogue;

import io.heddle.data.Labels;
import java.util.Optional;

/**
 * The items of a catalogue most like some others.
 *
 * @param name of the data
 * @param rows of the data
 * @param features what the items were compared by
 * @param metric how: cosine, or euclidean with similarity 1 / (1 + distance)
 * @param place what the queries are, in words: {@code row 7}, {@code photo.png}
 * @param queries the row of each query, −1 where it is no row of the data
 * @param top neighbours of each query
 * @param neighbors rows, the likest first, query after query
 * @param similarities of the neighbours
 * @param labels of the rows, where they are known
 * @param sameLabel share of the neighbours, by rank, with the label of their query; empty where labels are not known
 * @param shown the queries that the page shows
 * @param pictures of the shown queries and their neighbours
 * @param queryPicture of a query that is no row of the data
 * @param names what the rows of the data are called
 * @param seconds in all
 */
public record Similar(
        String name,
        int rows,
        String features,
        String metric,
        String place,
        int[] queries,
        int top,
        int[] neighbors,
        float[] similarities,
        Optional<Labels> labels,
        double[] sameLabel,
        int[] shown,
        Pictures pictures,
        Optional<Pictures> queryPicture,
        RowNames names,
        double seconds) {
    /** The name of a query: of its row, or of the file that it came from; empty where there is none. */
    public String queryName(int query) {
        if (queries[query] >= 0) {
            return names.of(queries[query]);
        }
        return queries.length == 1 ? place : "";
    }

    /** A neighbour's row. */
    public int neighbor(int query, int rank) {
        return neighbors[query * top + rank];
    }

    /** Similarity of a neighbour. */
    public float similarity(int query, int rank) {
        return similarities[query * top + rank];
    }

    /** Share of all neighbours with the label of their query, if labels are known. */
    public double meanSameLabel() {
        double sum = 0;
        for (double s : sameLabel) {
            sum += s;
        }
        return sum / Math.max(1, sameLabel.length);
    }
}
