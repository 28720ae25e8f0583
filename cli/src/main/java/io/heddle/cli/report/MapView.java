package io.heddle.cli.report;

import io.heddle.cli.catalogue.PointMap;
import io.heddle.cli.catalogue.RowNames;
import java.util.List;

/**
 * The map of a page in the form that its template uses. The points themselves are in the page's data.
 *
 * @param items number of rows of the data
 * @param placed number of placed rows
 * @param count number of points
 * @param layouts layouts of the points; the first one is shown first
 * @param colourings colourings of the points; the first one is shown first
 * @param searched description of the searched text
 * @param way name of the clustering that is shown first, if there are several; otherwise empty
 */
public record MapView(
        int items, int placed, int count, List<Choice> layouts, List<Choice> colourings, String searched, String way) {
    static final Choice BY_LABEL = new Choice("label", "by label");
    static final Choice BY_GROUP = new Choice("cluster", "by group");

    /**
     * A button.
     *
     * @param id id in the script of the page
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

    /** Returns whether the map shows the density of items, and single points only if it is enlarged. */
    public boolean dense() {
        return count < placed;
    }
}
