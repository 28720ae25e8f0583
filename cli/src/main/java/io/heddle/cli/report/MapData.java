package io.heddle.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.cli.catalogue.PointMap;
import io.heddle.cli.catalogue.RowNames;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Writes the points of a map into the data of a page, 2 bytes a coordinate before compression. */
final class MapData {
    private static final int MOST = 0xffff;
    /** The largest value; {@link Packed#NONE} stands for a point without one. */
    private static final int MAXIMUM_VALUE = MOST - 1;

    private final PointMap plane;
    private final ObjectNode map;

    private MapData(PointMap plane, ObjectNode map) {
        this.plane = plane;
        this.map = map;
    }

    /** Writes the places, numbers and names of the points. */
    static MapData of(ObjectNode root, PointMap plane, RowNames names) {
        MapData data = new MapData(plane, root.putObject("map"));
        data.map.put("n", plane.count());
        int[] numbers = data.each(names::number);
        if (!Arrays.equals(numbers, IntStream.range(0, numbers.length).toArray())) {
            data.map.put("rows", Packed.ints(numbers));
        }
        if (names.present()) {
            data.map.put(
                    "names",
                    Packed.texts(IntStream.of(plane.rows()).mapToObj(names::of).toList()));
        }
        ArrayNode layouts = data.map.putArray("layouts");
        for (PointMap.Layout layout : plane.layouts()) {
            int[][] scaled = layout.scaled(MOST);
            layouts.addObject()
                    .put("id", layout.id())
                    .put("x", Packed.shorts(scaled[0]))
                    .put("y", Packed.shorts(scaled[1]));
        }
        return data;
    }

    private int[] each(IntUnaryOperator ofRow) {
        return IntStream.of(plane.rows()).map(ofRow).toArray();
    }

    /**
     * Writes a kind of each point.
     *
     * @param ofRow a number below 65,535; a negative one is none
     */
    MapData kind(String name, IntUnaryOperator ofRow) {
        map.put(name, Packed.shorts(each(row -> {
            int kind = ofRow.applyAsInt(row);
            return kind < 0 || kind >= Packed.NONE ? Packed.NONE : kind;
        })));
        return this;
    }

    /**
     * Writes a value of each point, from the least to the greatest.
     *
     * @param name what the value is called
     * @param ofRow NaN for a point without a value
     */
    MapData value(String name, IntToDoubleFunction ofRow) {
        double[] values = IntStream.of(plane.rows()).mapToDouble(ofRow).toArray();
        double low = Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
        double high = Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
        double extent = Math.max(high - low, Double.MIN_NORMAL);
        map.put("valueName", name);
        map.put(
                "value",
                Packed.shorts(Arrays.stream(values)
                        .mapToInt(v -> Double.isFinite(v) ? (int) ((v - low) / extent * MAXIMUM_VALUE) : Packed.NONE)
                        .toArray()));
        return this;
    }
}
