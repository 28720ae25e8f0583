package io.heddle.cli.catalogue;

import io.heddle.audit.LabelIssue;
import io.heddle.audit.NeighborAudit;
import io.heddle.data.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The labels of a catalogue that are likely wrong.
 *
 * @param name of the data
 * @param rows that were audited
 * @param features features by which the items were compared
 * @param labels of all rows
 * @param leftOut rows of classes too rare to be audited
 * @param accuracy share of the audited rows whose most probable class, by models that have not seen them, is their
 *     label
 * @param noise estimated share of wrong labels
 * @param lambda penalty of the models; NaN where the probabilities were given
 * @param rounds of training; 0 where the probabilities were given
 * @param converged whether the models of the last round all reached their tolerance
 * @param issues the most probable errors first
 * @param neighbors what the distances to the nearest neighbours tell, by the rows of the data; missing where they were
 *     not searched
 * @param nearest the rows nearest to those that the page shows, the nearest first; empty where they were not searched
 * @param hash SHA-256 of the data
 * @param pictures of what the page shows
 * @param names what the rows are called
 * @param seconds in all
 */
public record Audit(
        String name,
        int rows,
        String features,
        Labels labels,
        int leftOut,
        double accuracy,
        double noise,
        double lambda,
        int rounds,
        boolean converged,
        List<LabelIssue> issues,
        Optional<NeighborAudit> neighbors,
        Map<Integer, int[]> nearest,
        String hash,
        Pictures pictures,
        RowNames names,
        double seconds) {
    /** Whether rows that are the same, or nearly so, have different labels. */
    public boolean conflicts(NeighborAudit.DuplicateSet set) {
        return Arrays.stream(set.rows())
                        .map(row -> labels.values()[row])
                        .distinct()
                        .count()
                > 1;
    }

    /** Duplicates whose labels differ. */
    public long conflicting() {
        return neighbors
                .map(n -> n.duplicates().stream().filter(this::conflicts).count())
                .orElse(0L);
    }
}
