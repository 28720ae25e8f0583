package io.heddle.cli.catalogue;

import io.heddle.data.Labels;
import java.util.Optional;

/**
 * The result of a search for similar items.
 *
 * @param name name of the data
 * @param rows number of rows of the data
 * @param features description of the features
 * @param metric cosine, or euclidean with similarity 1 / (1 + distance)
 * @param place description of the queries: {@code row 7}, {@code photo.png}
 * @param queries the row of each query, −1 if it is not a row of the data
 * @param top number of neighbours per query
 * @param neighbors rows of the neighbours, nearest first, query by query
 * @param similarities similarities of the neighbours
 * @param labels labels of the rows, if they are known
 * @param sameLabel share of the neighbours, by rank, with the label of their query; empty if labels are not known
 * @param shown the queries that the page shows
 * @param pictures pictures of the shown queries and their neighbours
 * @param queryPicture picture of a query that is not a row of the data
 * @param names names of the rows
 * @param seconds total time in seconds
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
    /** Returns the name of a query: that of its row or its file; empty if there is none. */
    public String queryName(int query) {
        if (queries[query] >= 0) {
            return names.of(queries[query]);
        }
        return queries.length == 1 ? place : "";
    }

    /** Returns the row of a neighbour. */
    public int neighbor(int query, int rank) {
        return neighbors[query * top + rank];
    }

    /** Returns the similarity of a neighbour. */
    public float similarity(int query, int rank) {
        return similarities[query * top + rank];
    }

    /** Returns the share of all neighbours with the label of their query, if labels are known. */
    public double meanSameLabel() {
        double sum = 0;
        for (double s : sameLabel) {
            sum += s;
        }
        return sum / Math.max(1, sameLabel.length);
    }
}
