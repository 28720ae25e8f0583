package io.heddle.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.catalogue.GroupTrait;
import io.heddle.cli.catalogue.Groups;
import io.heddle.data.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Groups in the form that the page's template uses. */
public final class GroupView {
    private static final int MEMBERS = 26;
    private static final int ROWS = 12;
    private static final int BAND_COLOURS = 10;

    private final Groups groups;
    private final CatalogueOrigin origin;
    private final Items items;

    private GroupView(Groups groups, CatalogueOrigin origin) {
        this.groups = groups;
        this.origin = origin;
        this.items = new Items(groups.pictures(), groups.names(), groups.labels(), origin);
    }

    /** Renders the page. */
    public static String render(Groups groups, CatalogueOrigin origin) {
        return PageFiles.render("group.jte", new GroupView(groups, origin));
    }

    public Groups groups() {
        return groups;
    }

    public Items items() {
        return items;
    }

    public String command() {
        return origin.command();
    }

    /** Returns the command that applies the decisions. */
    public String apply() {
        return origin.apply();
    }

    public boolean labelled() {
        return groups.labels().isPresent();
    }

    public String className(int label) {
        return label < 0 ? "" : groups.labels().orElseThrow().classNames().get(label);
    }

    /** Returns the map of all items. */
    public MapView map() {
        List<MapView.Choice> colourings = new ArrayList<>(List.of(MapView.BY_GROUP));
        if (labelled()) {
            colourings.add(MapView.BY_LABEL);
        }
        colourings.add(new MapView.Choice("value", "by distance to the centre"));
        return MapView.of(groups.assignments().length, groups.plane(), colourings, groups.names(), labelled());
    }

    /**
     * A group.
     *
     * @param colour colour as CSS
     * @param majority most frequent label, −1 if labels are not known
     * @param composition number of rows of each label; empty if labels are not known
     * @param members positions of the rows nearest to its centre
     * @param traits columns by which it differs from all rows
     */
    public record Group(
            int number,
            String colour,
            int size,
            int majority,
            int[] composition,
            int[] members,
            List<GroupTrait> traits) {
        public double purity() {
            return majority < 0 ? 0 : (double) composition[majority] / Math.max(1, size);
        }

        /** Returns the labels in the group, the most frequent first. */
        public List<Integer> byFrequency() {
            return IntStream.range(0, composition.length)
                    .filter(c -> composition[c] > 0)
                    .boxed()
                    .sorted(Comparator.comparingInt((Integer c) -> -composition[c]))
                    .toList();
        }
    }

    /** Returns all groups, larger ones first. */
    public List<Group> list() {
        int count = groups.clusters();
        int[][] composition = composition();
        List<List<Integer>> members = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            members.add(new ArrayList<>());
        }
        for (int i = 0; i < items.count(); i++) {
            members.get(groups.assignments()[items.row(i)]).add(i);
        }
        List<Group> list = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            int[] shown = members.get(k).stream()
                    .sorted(Comparator.comparingDouble(i -> groups.distances()[items.row(i)]))
                    .limit(items.pictured() ? MEMBERS : ROWS)
                    .mapToInt(i -> i)
                    .toArray();
            int majority = majority(composition[k]);
            list.add(new Group(
                    k,
                    Colours.of(k, count),
                    groups.sizes()[k],
                    majority,
                    composition[k],
                    shown,
                    groups.traits().get(k)));
        }
        list.sort(Comparator.comparingInt(Group::size).reversed().thenComparingInt(Group::number));
        return list;
    }

    private int[][] composition() {
        int classes = groups.labels().map(Labels::classes).orElse(0);
        int[][] composition = new int[groups.clusters()][classes];
        if (classes > 0) {
            int[] labels = groups.labels().orElseThrow().values();
            for (int i = 0; i < labels.length; i++) {
                composition[groups.assignments()[i]][labels[i]]++;
            }
        }
        return composition;
    }

    private static int majority(int[] counts) {
        int best = -1;
        for (int c = 0; c < counts.length; c++) {
            if (counts[c] > 0 && (best < 0 || counts[c] > counts[best])) {
                best = c;
            }
        }
        return best;
    }

    /** Returns the frame of the page. */
    public Frame frame() {
        return new Frame(
                "Groups of " + groups.name(),
                origin.version(),
                BAND_COLOURS,
                List.of(
                        new Frame.Section("figures", "Figures"),
                        new Frame.Section("groups", "Groups"),
                        new Frame.Section("map", "Map"),
                        new Frame.Section("run", "Run")),
                items.sheets(),
                chartData(),
                CatalogueOrigin.credits(groups.name()));
    }

    private String chartData() {
        ObjectNode root = PageJson.object();
        items.describe(root);
        root.put("noun", "group");
        root.put("hash", groups.hash());
        ArrayNode clusters = root.putArray("clusters");
        for (Group g : list()) {
            clusters.addObject()
                    .put("number", g.number())
                    .put("majority", g.majority())
                    .put("colour", g.colour())
                    .put("size", g.size())
                    .put("pure", g.majority() < 0 ? g.size() : g.composition()[g.majority()]);
        }
        int[] assigned = IntStream.range(0, items.count())
                .map(i -> groups.assignments()[items.row(i)])
                .toArray();
        root.set("assigned", PageJson.integers(assigned));
        ArrayNode distances = root.putArray("distances");
        for (int i = 0; i < items.count(); i++) {
            distances.add(PageJson.round(groups.distances()[items.row(i)], 1e3));
        }
        MapData map = MapData.of(root, groups.plane(), groups.names())
                .kind("group", row -> groups.assignments()[row])
                .value("distance", row -> groups.distances()[row]);
        groups.labels().ifPresent(l -> map.kind("label", row -> l.values()[row]));
        ArrayNode tried = root.putArray("tried");
        for (Groups.Tried t : groups.tried()) {
            t.silhouette().ifPresent(score -> tried.addArray().add(t.clusters()).add(PageJson.round(score, 1e4)));
        }
        root.put("chosen", groups.clusters());
        return PageJson.text(root);
    }
}
