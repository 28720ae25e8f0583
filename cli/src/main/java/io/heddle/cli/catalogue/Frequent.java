package io.heddle.cli.catalogue;

import io.heddle.audit.LabelIssue;
import io.heddle.audit.NeighborAudit;
import io.heddle.data.ClassSizes;
import io.heddle.data.Labels;
import io.heddle.matrix.InvalidInputException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of classes with enough rows for an audit, and their renumbered labels.
 *
 * @param rows rows of the data, ascending
 * @param labels labels of these rows
 * @param names the original number of each class
 */
record Frequent(int[] rows, int[] labels, int[] names) {
    static Frequent of(Labels all, int least) {
        int[] sizes = new int[all.classes()];
        for (int label : all.values()) {
            sizes[label]++;
        }
        int[] names =
                IntStream.range(0, sizes.length).filter(c -> sizes[c] >= least).toArray();
        String below = ClassSizes.of(all).below(least);
        InvalidInputException.require(
                names.length >= 2,
                "an audit needs two classes with %d rows or more, but there %s%s",
                least,
                names.length == 1 ? "is 1" : "are 0",
                below.isEmpty() ? "" : ": " + below);
        int[] rows = IntStream.range(0, all.rows())
                .filter(i -> sizes[all.values()[i]] >= least)
                .toArray();
        int[] labels = Arrays.stream(rows)
                .map(i -> Arrays.binarySearch(names, all.values()[i]))
                .toArray();
        return new Frequent(rows, labels, names);
    }

    /** Returns the position of a row of the data among these rows. */
    int place(int row) {
        return Arrays.binarySearch(rows, row);
    }

    NeighborAudit inAll(NeighborAudit found) {
        return new NeighborAudit(
                found.duplicates().stream()
                        .map(set -> new NeighborAudit.DuplicateSet(inAll(set.rows()), set.exact()))
                        .toList(),
                found.outliers().stream()
                        .map(o -> new NeighborAudit.Outlier(rows[o.row()], o.ratio()))
                        .toList());
    }

    LabelIssue inAll(LabelIssue issue) {
        return new LabelIssue(rows[issue.index()], names[issue.given()], names[issue.suggested()], issue.margin());
    }

    PointMap inAll(PointMap plane) {
        return new PointMap(inAll(plane.rows()), plane.points(), plane.layouts());
    }

    private int[] inAll(int[] places) {
        return Arrays.stream(places).map(i -> rows[i]).toArray();
    }
}
