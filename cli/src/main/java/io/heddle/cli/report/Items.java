package io.heddle.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.catalogue.Pictures;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.data.Labels;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of a catalogue that a page shows, as pictures or, for a table, as row numbers. */
public final class Items {
    private static final int COLUMNS = 40;
    /** Maximum number of values of a row in a tooltip, and in place of a picture. */
    private static final int BRIEF = 8;

    private static final int CHIP = 3;
    /** Maximum side of pictures that are enlarged pixel by pixel. */
    private static final int TINY = 32;

    private final Pictures pictures;
    private final RowNames names;
    private final Optional<Labels> labels;
    private final CatalogueOrigin origin;
    private final Int2IntOpenHashMap positions = new Int2IntOpenHashMap();

    /**
     * @param names names of the rows
     * @param origin origin of the page, for links to the files of rows
     */
    Items(Pictures pictures, RowNames names, Optional<Labels> labels, CatalogueOrigin origin) {
        this.pictures = pictures;
        this.names = names;
        this.labels = labels;
        this.origin = origin;
        positions.defaultReturnValue(-1);
        for (int i = 0; i < pictures.rows().length; i++) {
            positions.put(pictures.rows()[i], i);
        }
    }

    /** Returns whether there are pictures. */
    public boolean pictured() {
        return pictures.width() > 0;
    }

    /** Returns the number of pictures per row of the sheet. */
    public int columns() {
        return COLUMNS;
    }

    public int count() {
        return pictures.rows().length;
    }

    public int row(int position) {
        return pictures.rows()[position];
    }

    /** Returns the number of a row in its file. */
    public int number(int position) {
        return names.number(row(position));
    }

    /** Returns the position of a row, −1 if it is not shown. */
    public int position(int row) {
        return positions.get(row);
    }

    /** Returns the label of a row, −1 if there are none. */
    public int label(int position) {
        return labels.map(l -> l.values()[row(position)]).orElse(-1);
    }

    /** Returns the name of a row: its file or ID, otherwise its number. */
    public String name(int position) {
        return nameOfRow(row(position));
    }

    /** Returns the name of a row that the page need not show. */
    String nameOfRow(int row) {
        String name = names.of(row);
        return name.isEmpty() ? "row " + names.number(row) : name;
    }

    /** Returns the first values of a row of a table; empty for pictures. */
    public String brief(int position, int most) {
        return pictures.values().present() ? pictures.values().brief(position, most) : "";
    }

    /** Returns the name of the label of a row; empty if there are no labels. */
    public String labelName(int position) {
        return labels.map(l -> l.classNames().get(label(position))).orElse("");
    }

    /** Returns the tooltip of a row. For a file in the folder of its label, the path contains the label. */
    public String title(int position) {
        StringBuilder title = new StringBuilder(name(position));
        if (!names.of(row(position)).isEmpty()) {
            title.append(", row ").append(number(position));
        }
        String label = labelName(position);
        if (!label.isEmpty() && !names.of(row(position)).startsWith(label + "/")) {
            title.append(", ").append(label);
        }
        String brief = brief(position, BRIEF);
        return brief.isEmpty()
                ? title.toString()
                : title.append(": ").append(brief).toString();
    }

    /** Returns the text in place of a picture for a row of a table: its ID, else its first values. */
    public String chip(int position) {
        String name = names.of(row(position));
        String brief = brief(position, CHIP);
        return !name.isEmpty() ? name : brief.isEmpty() ? name(position) : brief;
    }

    /** Returns the sheet of all pictures; none without pictures. */
    List<Sheet> sheets() {
        List<Sheet> sheets = new ArrayList<>();
        if (pictured()) {
            sheets.add(sheet(".t", pictures, COLUMNS));
        }
        return sheets;
    }

    /** Returns a sheet of other pictures. */
    static Sheet sheet(String selector, Pictures pictures, int columns) {
        double ratio = (double) pictures.height() / pictures.width();
        return new Sheet(
                selector,
                Picture.sheet(pictures, columns),
                columns,
                ratio,
                Math.max(pictures.width(), pictures.height()) <= TINY);
    }

    /** Writes the rows for the page's script. */
    void describe(ObjectNode root) {
        root.put("spriteColumns", COLUMNS);
        root.put("pictured", pictured());
        int[] numbers = IntStream.range(0, count()).map(this::number).toArray();
        if (!Arrays.equals(numbers, IntStream.range(0, count()).toArray())) {
            root.set("rows", PageJson.integers(numbers));
        }
        ArrayNode names = root.putArray("names");
        ArrayNode given = root.putArray("given");
        for (int i = 0; i < count(); i++) {
            names.add(this.names.of(row(i)));
            given.add(label(i));
        }
        if (count() > 0 && this.names.file(row(0)).isPresent()) {
            ArrayNode files = root.putArray("files");
            for (int i = 0; i < count(); i++) {
                files.add(this.names.file(row(i)).map(origin::link).orElse(""));
            }
        }
        if (pictures.values().present()) {
            ArrayNode columns = root.putArray("columns");
            pictures.values().columns().forEach(columns::add);
            root.put(
                    "values",
                    Packed.texts(pictures.values().rows().stream()
                            .map(row -> row.stream()
                                    .map(field -> field.replaceAll("[\\t\\r\\n]", " "))
                                    .collect(Collectors.joining("\t")))
                            .toList()));
        }
        ArrayNode classes = root.putArray("classes");
        labels.ifPresent(l -> l.classNames().forEach(classes::add));
    }
}
