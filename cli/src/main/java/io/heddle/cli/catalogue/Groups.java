package io.heddle.cli.catalogue;

import io.heddle.data.Labels;
import io.heddle.metrics.ClusteringScores;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The result of grouping a catalogue.
 *
 * @param name of the data
 * @param features description of the features
 * @param dimensions number of features
 * @param components number of principal components
 * @param explained share of the variance of the components
 * @param silhouette silhouette on a sample; undefined if all sampled rows are in one group
 * @param unscored reasons for missing scores, one sentence each
 * @param converged whether k-means converged
 * @param assignments group of each row
 * @param distances distance of each row to the centre of its group
 * @param sizes number of rows of each group
 * @param tried the tried numbers of groups with their silhouettes; empty if the number was given
 * @param labels labels of the rows, if they are known; not used to find the groups
 * @param scores scores against the labels, if they are known
 * @param pictures pictures of the rows that the page shows, or their values
 * @param plane map of the rows
 * @param traits columns by which each group of a table differs from all rows; empty for images
 * @param hash SHA-256 of the data
 * @param names names of the rows
 * @param seconds total time in seconds
 */
public record Groups(
        String name,
        String features,
        int dimensions,
        int components,
        double explained,
        OptionalDouble silhouette,
        List<String> unscored,
        boolean converged,
        int[] assignments,
        float[] distances,
        int[] sizes,
        List<Tried> tried,
        Optional<Labels> labels,
        Optional<ClusteringScores> scores,
        Pictures pictures,
        PointMap plane,
        List<List<GroupTrait>> traits,
        String hash,
        RowNames names,
        double seconds) {
    /** A number of groups and its silhouette, if that is defined. */
    public record Tried(int clusters, OptionalDouble silhouette) {}

    /** Returns the number of groups. */
    public int clusters() {
        return sizes.length;
    }

    /** Returns the groups without rows, which exist if the data have fewer distinct rows than groups. */
    public List<Integer> empty() {
        return IntStream.range(0, sizes.length)
                .filter(k -> sizes[k] == 0)
                .boxed()
                .toList();
    }
}
