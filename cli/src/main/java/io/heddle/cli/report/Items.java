package io.heddle.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.catalogue.Pictures;
import io.heddle.cli.catalogue.RowNames;
import io.heddle.data.Labels;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of a catalogue that a page shows, by position: a picture each or, of a table, the row's number. */
public final class Items {
    private static final int COLUMNS = 40;

    private final Pictures pictures;
    private final RowNames names;
    private final Optional<Labels> labels;
    private final Int2IntOpenHashMap positions = new Int2IntOpenHashMap();

    /** @param names what the rows are called */
    Items(Pictures pictures, RowNames names, Optional<Labels> labels) {
        this.pictures = pictures;
        this.names = names;
        this.labels = labels;
        positions.defaultReturnValue(-1);
        for (int i = 0; i < pictures.rows().length; i++) {
            positions.put(pictures.rows()[i], i);
        }
    }

    /** Whether there are pictures. */
    public boolean pictured() {
        return pictures.width() > 0;
    }

    /** Pictures in a row of the sheet. */
    public int columns() {
        return COLUMNS;
    }

    public int count() {
        return pictures.rows().length;
    }

    public int row(int position) {
        return pictures.rows()[position];
    }

    /** The number of a row in its file. */
    public int number(int position) {
        return names.number(row(position));
    }

    /** The position of a row, −1 if it is not shown. */
    public int position(int row) {
        return positions.get(row);
    }

    /** The label of a row, −1 if there are none. */
    public int label(int position) {
        return labels.map(l -> l.values()[row(position)]).orElse(-1);
    }

    /** What there is to say of a row, for a tooltip; of a file in the folder of its label the path says both. */
    public String title(int position) {
        String file = names.of(row(position));
        StringBuilder title = new StringBuilder("row ").append(number(position));
        String label = labels.map(l -> l.classNames().get(label(position))).orElse("");
        if (!label.isEmpty() && !file.startsWith(label + "/")) {
            title.append(", ").append(label);
        }
        if (!file.isEmpty()) {
            title.append(", ").append(file);
        }
        return title.toString();
    }

    /** The sheet of all pictures; none without pictures. */
    List<Sheet> sheets() {
        List<Sheet> sheets = new ArrayList<>();
        if (pictured()) {
            sheets.add(sheet(".t", pictures, COLUMNS));
        }
        return sheets;
    }

    /** A sheet of some pictures of their own. */
    static Sheet sheet(String selector, Pictures pictures, int columns) {
        double ratio = (double) pictures.height() / pictures.width();
        return new Sheet(selector, Picture.sheet(pictures, columns), columns, ratio, pictures.drawing());
    }

    /** Tells the page's script of the rows. */
    void describe(ObjectNode root) {
        root.put("spriteColumns", COLUMNS);
        root.put("pictured", pictured());
        ArrayNode rows = root.putArray("rows");
        ArrayNode titles = root.putArray("titles");
        for (int i = 0; i < count(); i++) {
            rows.add(number(i));
            titles.add(title(i));
        }
        ArrayNode classes = root.putArray("classes");
        labels.ifPresent(l -> l.classNames().forEach(classes::add));
    }
}
