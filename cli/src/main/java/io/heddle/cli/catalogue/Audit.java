package io.heddle.cli.catalogue;

import io.heddle.audit.LabelIssue;
import io.heddle.audit.NeighborAudit;
import io.heddle.data.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The result of an audit: labels of a catalogue that are probably wrong, duplicates and outliers.
 *
 * @param name of the data
 * @param rows number of audited rows
 * @param features description of the features
 * @param labels labels of all rows
 * @param leftOut number of rows that were not audited because their class is too small
 * @param accuracy out-of-fold accuracy: share of the audited rows whose most probable class is their label
 * @param noise estimated share of wrong labels
 * @param lambda penalty of the models; NaN for given probabilities
 * @param iterations number of iterations; 0 for given probabilities
 * @param converged whether all models of the last iteration reached their tolerance
 * @param issues the most probable errors first
 * @param nearMisses labels just below the cut that the page shows
 * @param rivals the most probable other label of each audited row
 * @param neighbors duplicates and outliers; empty without a search
 * @param nearest the nearest rows of each shown row, nearest first; empty without a search
 * @param plane map of the audited rows
 * @param hash SHA-256 of the data
 * @param pictures pictures of the shown rows
 * @param names names of the rows
 * @param seconds total time in seconds
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
        int iterations,
        boolean converged,
        List<LabelIssue> issues,
        List<LabelIssue> nearMisses,
        List<LabelIssue> rivals,
        Optional<NeighborAudit> neighbors,
        Map<Integer, int[]> nearest,
        PointMap plane,
        String hash,
        Pictures pictures,
        RowNames names,
        double seconds) {
    /** Returns whether equal or nearly equal rows have different labels. */
    public boolean conflicts(NeighborAudit.DuplicateSet set) {
        return Arrays.stream(set.rows())
                        .map(row -> labels.values()[row])
                        .distinct()
                        .count()
                > 1;
    }

    /** Returns the number of sets of duplicates with different labels. */
    public long conflicting() {
        return neighbors
                .map(n -> n.duplicates().stream().filter(this::conflicts).count())
                .orElse(0L);
    }
}
