package io.heddle.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.audit.LabelIssue;
import io.heddle.audit.NeighborAudit;
import io.heddle.cli.catalogue.Audit;
import io.heddle.cli.catalogue.Auditing;
import it.unimi.dsi.fastutil.ints.Int2DoubleOpenHashMap;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** An audit in the form that the page's template uses. */
public final class AuditView {
    private static final int BAND_COLOURS = 10;
    private static final int LISTED = 600;
    private static final int PAIRS = 20;

    private final Audit audit;
    private final CatalogueOrigin origin;
    private final Items items;
    private final int[][] counts;

    private AuditView(Audit audit, CatalogueOrigin origin) {
        this.audit = audit;
        this.origin = origin;
        this.items = new Items(audit.pictures(), audit.names(), Optional.of(audit.labels()), origin);
        this.counts = new int[classes()][classes()];
        audit.issues().forEach(i -> counts[i.given()][i.suggested()]++);
    }

    /** Renders the page. */
    public static String render(Audit audit, CatalogueOrigin origin) {
        return PageFiles.render("audit.jte", new AuditView(audit, origin));
    }

    public Audit audit() {
        return audit;
    }

    public Items items() {
        return items;
    }

    public String command() {
        return origin.command();
    }

    public int classes() {
        return audit.labels().classes();
    }

    public String className(int label) {
        return audit.labels().classNames().get(label);
    }

    public List<Integer> labels() {
        return IntStream.range(0, classes()).boxed().toList();
    }

    /** Returns whether the table of pairs fits on a page. */
    public boolean tabled() {
        return classes() <= Auditing.SHOWN_CLASSES && !audit.issues().isEmpty();
    }

    /** Returns the number of issues with this given and this suggested label. */
    public int count(int given, int suggested) {
        return counts[given][suggested];
    }

    /** Returns the count as a share of the maximum. */
    public double share(int given, int suggested) {
        int most = 1;
        for (int[] row : counts) {
            for (int count : row) {
                most = Math.max(most, count);
            }
        }
        return (double) counts[given][suggested] / most;
    }

    /** A given and a suggested label, and the number of issues with them. */
    public record Pair(int given, int suggested, int count) {}

    /** Returns the most frequent pairs of labels, for pages without the table of all pairs. */
    public List<Pair> pairs() {
        return IntStream.range(0, classes())
                .boxed()
                .flatMap(g -> IntStream.range(0, classes())
                        .filter(s -> counts[g][s] > 0)
                        .mapToObj(s -> new Pair(g, s, counts[g][s])))
                .sorted(Comparator.comparingInt(Pair::count).reversed())
                .limit(PAIRS)
                .toList();
    }

    /** Returns the issues that the page lists, most probable first. */
    public List<LabelIssue> listed() {
        return audit.issues().subList(0, Math.min(LISTED, audit.issues().size()));
    }

    /** Returns the map of the audited items. */
    public MapView map() {
        return MapView.of(
                audit.rows(),
                audit.plane(),
                List.of(
                        MapView.BY_LABEL,
                        new MapView.Choice("issue", "by finding"),
                        new MapView.Choice("value", "by margin")),
                audit.names(),
                true);
    }

    /** Returns whether there is a map; there is none for given probabilities. */
    public boolean mapped() {
        return audit.plane().count() > 0;
    }

    /** Returns the sets of duplicates that the page shows, those with different labels first. */
    public List<NeighborAudit.DuplicateSet> duplicates() {
        return audit.neighbors().map(NeighborAudit::duplicates).orElse(List.of()).stream()
                .limit(Auditing.SHOWN_SETS)
                .sorted(Comparator.comparing((NeighborAudit.DuplicateSet s) -> !audit.conflicts(s)))
                .toList();
    }

    /** Returns the rows of a set that the page shows. */
    public List<Integer> rows(NeighborAudit.DuplicateSet set) {
        return IntStream.of(set.rows()).limit(Auditing.SHOWN_OF_SET).boxed().toList();
    }

    /** Returns the number of rows that the page lists for a decision. */
    public int cases() {
        return (int) IntStream.concat(
                        Stream.concat(listed().stream(), audit.nearMisses().stream())
                                .mapToInt(LabelIssue::index),
                        IntStream.concat(
                                duplicates().stream()
                                        .flatMap(set -> rows(set).stream())
                                        .mapToInt(row -> row),
                                outliers().stream().mapToInt(NeighborAudit.Outlier::row)))
                .distinct()
                .count();
    }

    /** Returns the command that applies the decisions. */
    public String apply() {
        return origin.apply();
    }

    /** Returns the given label of a row. */
    private int label(int row) {
        return audit.labels().values()[row];
    }

    /** Returns the outliers that the page shows. */
    public List<NeighborAudit.Outlier> outliers() {
        return audit.neighbors().map(NeighborAudit::outliers).orElse(List.of()).stream()
                .limit(Auditing.SHOWN_OUTLIERS)
                .toList();
    }

    /** Returns the frame of the page. */
    public Frame frame() {
        return new Frame(
                "Labels of " + audit.name(),
                origin.version(),
                BAND_COLOURS,
                sections(),
                items.sheets(),
                chartData(),
                CatalogueOrigin.credits(audit.name()));
    }

    private List<Frame.Section> sections() {
        List<Frame.Section> sections = new ArrayList<>(List.of(
                new Frame.Section("figures", "Figures"),
                new Frame.Section("pairs", "Pairs"),
                new Frame.Section("issues", "Issues")));
        if (mapped()) {
            sections.add(new Frame.Section("map", "Map"));
        }
        if (audit.neighbors().isPresent()) {
            sections.add(new Frame.Section("duplicates", "Duplicates"));
            sections.add(new Frame.Section("outliers", "Outliers"));
        }
        sections.add(new Frame.Section("run", "Run"));
        return sections;
    }

    private String chartData() {
        ObjectNode root = PageJson.object();
        items.describe(root);
        root.put("hash", audit.hash());
        root.put("labels", labelsCode());
        if (mapped()) {
            points(root);
        }
        lists(root.putObject("lists"));
        ArrayNode issues = root.putArray("issues");
        for (int[] row : counts) {
            issues.add(IntStream.of(row).sum());
        }
        if (tabled()) {
            ArrayNode rows = root.putObject("cells").putArray("audit");
            for (int g = 0; g < classes(); g++) {
                ArrayNode row = rows.addArray();
                for (int s = 0; s < classes(); s++) {
                    cell(row.addArray(), g, s);
                }
            }
        }
        return PageJson.text(root);
    }

    /**
     * Returns a code of the labels. If they are in a file of their own, the hash of the data does not depend on them.
     */
    private String labelsCode() {
        CRC32 code = new CRC32();
        for (String name : audit.labels().classNames()) {
            code.update(name.getBytes(StandardCharsets.UTF_8));
            code.update('\n');
        }
        for (int value : audit.labels().values()) {
            code.update(value);
            code.update(value >> Byte.SIZE);
            code.update(value >> 2 * Byte.SIZE);
        }
        return Long.toHexString(code.getValue());
    }

    /** Writes the items of each list of the page. */
    private void lists(ObjectNode lists) {
        issues(lists.putArray("issues"), listed());
        issues(lists.putArray("misses"), audit.nearMisses());
        for (int s = 0; s < duplicates().size(); s++) {
            ArrayNode list = lists.putArray("set" + s);
            rows(duplicates().get(s)).forEach(row -> item(list.addArray(), row, -1, ""));
        }
        ArrayNode outliers = lists.putArray("outliers");
        outliers()
                .forEach(o -> item(
                        outliers.addArray(), o.row(), -1, Figures.score(o.ratio()) + " times the median distance"));
    }

    private void issues(ArrayNode list, List<LabelIssue> issues) {
        issues.forEach(i -> item(list.addArray(), i.index(), i.suggested(), "margin " + Figures.score(i.margin())));
    }

    /** Writes the position of an item, the suggested label or −1, a note, and the nearest rows. */
    private void item(ArrayNode item, int row, int suggested, String note) {
        item.add(items.position(row)).add(suggested).add(note);
        ArrayNode nearest = item.addArray();
        for (int near : audit.nearest().getOrDefault(row, new int[0])) {
            if (items.position(near) >= 0) {
                nearest.add(items.position(near));
            } else {
                nearest.addArray().add(items.nameOfRow(near)).add(label(near));
            }
        }
    }

    private void points(ObjectNode root) {
        Int2IntOpenHashMap suggested = new Int2IntOpenHashMap();
        suggested.defaultReturnValue(-1);
        audit.issues().forEach(i -> suggested.put(i.index(), i.suggested()));
        Int2DoubleOpenHashMap margins = new Int2DoubleOpenHashMap();
        margins.defaultReturnValue(Double.NaN);
        audit.rivals().forEach(i -> margins.put(i.index(), i.margin()));
        MapData.of(root, audit.plane(), audit.names())
                .kind("label", this::label)
                .kind("suggested", suggested::get)
                .value("margin", margins::get);
    }

    private void cell(ArrayNode cell, int given, int suggested) {
        audit.issues().stream()
                .filter(i -> i.given() == given && i.suggested() == suggested)
                .mapToInt(i -> items.position(i.index()))
                .filter(position -> position >= 0)
                .forEach(cell::add);
    }
}
