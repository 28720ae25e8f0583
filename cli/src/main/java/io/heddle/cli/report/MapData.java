package io.heddle.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.catalogue.PointMap;
import io.heddle.cli.catalogue.RowNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Writes the points of a map into the data of a page, with 2 bytes per coordinate before compression. If not all placed
 * rows are points, it also writes the density of the placed rows.
 */
final class MapData {
    private static final int MAXIMUM = 0xffff;
    /** The largest value in 8 bits, which is more than the map has shades. {@link #NO_VALUE} marks a missing value. */
    private static final int MAXIMUM_VALUE = 254;

    private static final int NO_VALUE = 255;

    private final PointMap plane;
    private final ObjectNode map;
    private final List<Density> densities = new ArrayList<>();

    /** The density of a layout, and the node to which it is written. */
    private record Density(MapDensity cells, ObjectNode node) {}

    private MapData(PointMap plane, ObjectNode map) {
        this.plane = plane;
        this.map = map;
    }

    /** Writes the coordinates, row numbers and names of the points. */
    static MapData of(ObjectNode root, PointMap plane, RowNames names) {
        MapData data = new MapData(plane, root.putObject("map"));
        data.map.put("n", plane.count());
        int[] rows = plane.pointRows();
        int[] numbers = IntStream.of(rows).map(names::number).toArray();
        if (!Arrays.equals(numbers, IntStream.range(0, numbers.length).toArray())) {
            data.map.put("rows", Packed.ints(numbers));
        }
        if (names.present()) {
            data.map.put(
                    "names", Packed.texts(IntStream.of(rows).mapToObj(names::of).toList()));
        }
        if (plane.dense()) {
            data.map.put("placed", plane.placed()).put("side", MapDensity.SIDE);
        }
        ArrayNode layouts = data.map.putArray("layouts");
        for (PointMap.Layout layout : plane.layouts()) {
            int[][] scaled = layout.scaled(MAXIMUM);
            ObjectNode node = layouts.addObject()
                    .put("id", layout.id())
                    .put("x", Packed.shorts(data.ofPoints(scaled[0])))
                    .put("y", Packed.shorts(data.ofPoints(scaled[1])));
            if (plane.dense()) {
                MapDensity cells = new MapDensity(scaled[0], scaled[1]);
                node.put("counts", Packed.ints(cells.counts()));
                data.densities.add(new Density(cells, node));
            }
        }
        return data;
    }

    private int[] ofPoints(int[] ofRows) {
        return IntStream.of(plane.points()).map(i -> ofRows[i]).toArray();
    }

    /**
     * Writes the category of each point, and the most frequent one in each cell.
     *
     * @param ofRow category of a row, below 65,535; negative for none
     */
    MapData kind(String name, IntUnaryOperator ofRow) {
        int[] kinds = IntStream.of(plane.rows())
                .map(row -> {
                    int kind = ofRow.applyAsInt(row);
                    return kind < 0 || kind >= Packed.NONE ? Packed.NONE : kind;
                })
                .toArray();
        map.put(name, Packed.kinds(ofPoints(kinds)));
        densities.forEach(d -> d.node().put(name, Packed.kinds(d.cells().mostFrequent(kinds))));
        return this;
    }

    /**
     * Writes a value of each point, scaled from the minimum to the maximum, and the mean in each cell.
     *
     * @param name name of the value
     * @param ofRow value of a row; NaN for none
     */
    MapData value(String name, IntToDoubleFunction ofRow) {
        double[] values = IntStream.of(plane.rows()).mapToDouble(ofRow).toArray();
        double low = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
        double high = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
        double extent = Math.max(high - low, Double.MIN_NORMAL);
        map.put("valueName", name);
        map.put("value", Packed.bytes(ofPoints(scaled(values, low, extent))));
        densities.forEach(
                d -> d.node().put("value", Packed.bytes(scaled(d.cells().means(values), low, extent))));
        return this;
    }

    private static int[] scaled(double[] values, double low, double extent) {
        return Arrays.stream(values)
                .mapToInt(v -> Double.isFinite(v) ? (int) ((v - low) / extent * MAXIMUM_VALUE) : NO_VALUE)
                .toArray();
    }
}
