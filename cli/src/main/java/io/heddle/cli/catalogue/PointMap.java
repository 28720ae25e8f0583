package io.heddle.cli.catalogue;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows of the data as points of a map.
 *
 * @param rows the placed rows, ascending
 * @param points positions in {@code rows} of the points, ascending; the other rows only count in a density
 * @param layouts coordinates of the placed rows; the first layout is shown first
 */
public record PointMap(int[] rows, int[] points, List<Layout> layouts) {
    /** For results without features. */
    public static final PointMap NONE = of(new int[0], List.of());

    /** Returns a map on which each placed row is a point. */
    static PointMap of(int[] rows, List<Layout> layouts) {
        return new PointMap(rows, IntStream.range(0, rows.length).toArray(), layouts);
    }

    /**
     * The coordinates of the rows, in their order.
     *
     * @param id for links to the page: {@code neighbours} or {@code components}
     */
    public record Layout(String id, float[] x, float[] y) {
        /** Scales the coordinates to 0 to {@code most}, with the same scale on both axes. */
        public int[][] scaled(int most) {
            float left = lowest(x);
            float low = lowest(y);
            double extent = Math.max(Math.max(highest(x) - (double) left, highest(y) - (double) low), Float.MIN_NORMAL);
            return new int[][] {scaled(x, left, extent, most), scaled(y, low, extent, most)};
        }

        private static int[] scaled(float[] values, float from, double extent, int most) {
            // Centred on the shorter side.
            double rest = (extent - (highest(values) - (double) from)) / 2;
            int[] scaled = new int[values.length];
            for (int i = 0; i < values.length; i++) {
                scaled[i] = (int) Math.round((values[i] - (double) from + rest) / extent * most);
            }
            return scaled;
        }

        private static float lowest(float[] values) {
            float lowest = Float.POSITIVE_INFINITY;
            for (float v : values) {
                lowest = Math.min(lowest, v);
            }
            return lowest;
        }

        private static float highest(float[] values) {
            float highest = Float.NEGATIVE_INFINITY;
            for (float v : values) {
                highest = Math.max(highest, v);
            }
            return highest;
        }
    }

    /** Returns the number of points. */
    public int count() {
        return points.length;
    }

    /** Returns the number of placed rows. */
    public int placed() {
        return rows.length;
    }

    /** Returns whether some of the placed rows are not points. */
    public boolean dense() {
        return points.length < rows.length;
    }

    /** Returns the row of each point. */
    public int[] pointRows() {
        return IntStream.of(points).map(i -> rows[i]).toArray();
    }
}
