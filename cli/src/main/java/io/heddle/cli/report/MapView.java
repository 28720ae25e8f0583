package io.heddle.cli.report;

import io.heddle.cli.catalogue.PointMap;
import io.heddle.cli.catalogue.RowNames;
import java.util.List;

/**
 * The map of a page in the form that its template uses. The points themselves are in the page's data.
 *
 * @param items number of rows that the map is about
 * @param placed number of rows that have a place
 * @param count number of points
 * @param layouts ways to place the points; the first one is shown first
 * @param colourings ways to colour them; the first one is shown first
 * @param searched what a search looks in
 * @param way name of the clustering that is shown first, where there are several; else empty
 */
public record MapView(
        int items, int placed, int count, List<Choice> layouts, List<Choice> colourings, String searched, String way) {
    static final Choice BY_LABEL = new Choice("label", "by label");
    static final Choice BY_GROUP = new Choice("cluster", "by group");

    /**
     * A button.
     *
     * @param id by which the page's script knows it
     */
    public record Choice(String id, String title) {}

    static MapView of(int items, PointMap plane, List<Choice> colourings, RowNames names, boolean labelled) {
        List<Choice> layouts = plane.layouts().stream()
                .map(l -> new Choice(
                        l.id(), l.id().equals("neighbours") ? "by neighbours" : "by two principal components"))
                .toList();
        String named = names.present() ? names.kind().equals("file") ? "file name" : "ID" : "row number";
        return new MapView(
                items, plane.placed(), plane.count(), layouts, colourings, named + (labelled ? " or label" : ""), "");
    }

    /** Returns whether the map shows how many items lie where, and points only if it is enlarged. */
    public boolean dense() {
        return count < placed;
    }
}
