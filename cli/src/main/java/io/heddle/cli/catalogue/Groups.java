package io.heddle.cli.catalogue;

import io.heddle.cli.data.Labels;
import io.heddle.metrics.ClusteringScores;
import java.util.List;
import java.util.Optional;

/**
 * The items of a catalogue in groups of like ones.
 *
 * @param name of the data
 * @param features what the items were compared by
 * @param dimensions features of an item
 * @param components principal components that were kept
 * @param explained share of the variance that they hold
 * @param silhouette of the grouping, on a sample
 * @param assignments the group of each row
 * @param distances of each row to the centre of its group
 * @param sizes rows of each group
 * @param tried the numbers of groups that were tried, with their silhouettes; empty where the number was given
 * @param labels of the rows, where they are known: never used to find the groups
 * @param scores against the labels, where they are known
 * @param shown what the page shows
 * @param files the name of each shown row's file; empty where rows have no files
 * @param seconds in all
 */
public record Groups(
        String name,
        String features,
        int dimensions,
        int components,
        double explained,
        double silhouette,
        int[] assignments,
        float[] distances,
        int[] sizes,
        List<Tried> tried,
        Optional<Labels> labels,
        Optional<ClusteringScores> scores,
        Shown shown,
        List<String> files,
        double seconds) {
    /** A number of groups and how well the rows lie in them. */
    public record Tried(int clusters, double silhouette) {}

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
}
