package io.heddle.cli.catalogue;

import io.heddle.data.Labels;
import io.heddle.metrics.ClusteringScores;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The items of a catalogue in groups of like ones.
 *
 * @param name of the data
 * @param features what the items were compared by
 * @param dimensions features of an item
 * @param components principal components that were kept
 * @param explained share of the variance that they hold
 * @param silhouette of the grouping, on a sample; not defined where the sampled rows lie in one group
 * @param unscored why a score is missing, in a sentence each
 * @param converged whether k-means stopped by its own rule
 * @param assignments the group of each row
 * @param distances of each row to the centre of its group
 * @param sizes rows of each group
 * @param tried the numbers of groups that were tried, with their silhouettes; empty where the number was given
 * @param labels of the rows, where they are known: never used to find the groups
 * @param scores against the labels, where they are known
 * @param shown what the page shows
 * @param names what the rows are called
 * @param seconds in all
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
        Shown shown,
        RowNames names,
        double seconds) {
    /** A number of groups and how well the rows lie in them, where that is defined. */
    public record Tried(int clusters, OptionalDouble silhouette) {}

    /**
     * Rows in the plane of the first two components.
     *
     * @param pictures of these rows, in order
     */
    public record Shown(float[] x, float[] y, Pictures pictures) {}

    /** Number of groups. */
    public int clusters() {
        return sizes.length;
    }

    /** The groups without a row: the data have fewer distinct rows than there were to be groups. */
    public List<Integer> empty() {
        return IntStream.range(0, sizes.length)
                .filter(k -> sizes[k] == 0)
                .boxed()
                .toList();
    }
}
