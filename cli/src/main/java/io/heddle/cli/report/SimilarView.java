package io.heddle.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.catalogue.Similar;
import io.heddle.data.Labels;
import java.util.ArrayList;
import java.util.List;

/** Neighbours in the form that the page's template uses. */
public final class SimilarView {
    private static final int BAND_COLOURS = 10;

    private final Similar similar;
    private final CatalogueOrigin origin;
    private final Items items;

    private SimilarView(Similar similar, CatalogueOrigin origin) {
        this.similar = similar;
        this.origin = origin;
        this.items = new Items(similar.pictures(), similar.names(), similar.labels(), origin);
    }

    /** Renders the page. */
    public static String render(Similar similar, CatalogueOrigin origin) {
        return PageFiles.render("similar.jte", new SimilarView(similar, origin));
    }

    public Similar similar() {
        return similar;
    }

    public Items items() {
        return items;
    }

    public String command() {
        return origin.command();
    }

    /** Returns whether the queries are all rows. */
    public boolean all() {
        return similar.place().equals("all rows");
    }

    /** Returns the name of the query: its file, or the row with its ID or values. */
    public String asked() {
        int row = similar.queries()[0];
        int item = row < 0 ? -1 : items.position(row);
        return item < 0 ? similar.place() : items.title(item);
    }

    public boolean scored() {
        return similar.sameLabel().length > 0;
    }

    /**
     * A query and its neighbours.
     *
     * @param item its position, −1 if it is not a row of the data
     * @param pictured whether it has a separate picture
     * @param title title of the query
     */
    public record Query(int item, boolean pictured, String title, List<Neighbor> neighbors) {}

    /**
     * A neighbour.
     *
     * @param other whether its label is known and differs from the query's
     * @param colour of its label
     */
    public record Neighbor(int item, double similarity, boolean other, String colour) {}

    /** Returns the queries that the page shows. */
    public List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (int q : similar.shown()) {
            int row = similar.queries()[q];
            int item = row < 0 ? -1 : items.position(row);
            List<Neighbor> neighbors = new ArrayList<>();
            for (int rank = 0; rank < similar.top(); rank++) {
                int position = items.position(similar.neighbor(q, rank));
                boolean other = item >= 0 && items.label(item) != items.label(position);
                neighbors.add(new Neighbor(
                        position,
                        similar.similarity(q, rank),
                        other,
                        Colours.of(
                                items.label(position),
                                similar.labels().map(Labels::classes).orElse(1))));
            }
            String title = item >= 0
                    ? items.title(item)
                    : similar.place() + (similar.queries().length > 1 ? ", row " + q : "");
            queries.add(
                    new Query(item, item < 0 && q == 0 && similar.queryPicture().isPresent(), title, neighbors));
        }
        return queries;
    }

    /** Returns the frame of the page. */
    public Frame frame() {
        List<Sheet> sheets = items.sheets();
        similar.queryPicture().ifPresent(p -> sheets.add(Items.sheet(".q", p, 1)));
        return new Frame(
                "Similar items in " + similar.name(),
                origin.version(),
                BAND_COLOURS,
                List.of(
                        new Frame.Section("figures", "Figures"),
                        new Frame.Section("neighbours", "Neighbours"),
                        new Frame.Section("run", "Run")),
                sheets,
                chartData(),
                CatalogueOrigin.credits(similar.name()));
    }

    private String chartData() {
        ObjectNode root = PageJson.object();
        items.describe(root);
        ArrayNode shares = root.putArray("sameLabel");
        for (double s : similar.sameLabel()) {
            shares.add(PageJson.round(s, 1e5));
        }
        return PageJson.text(root);
    }
}
