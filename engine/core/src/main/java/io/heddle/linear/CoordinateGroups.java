package io.heddle.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which coordinates share an estimated Hessian. */
final class CoordinateGroups {
    /** Most coordinates in one coupled estimate: 4,224² floats are 71 MB. */
    static final int MAXIMUM_COUPLED = 4_224;
    /** Most classes that are coupled: the pairs of many would take more room than they bring. */
    private static final int MAXIMUM_COUPLED_CLASSES = 64;
    /** Most floats in all estimates together where they are not coupled: 256 MB. */
    private static final long MAXIMUM_FLOATS = 1L << 26;

    private CoordinateGroups() {}

    /** One coupled group where that is not too large, else one per class. */
    static List<int[]> of(int[] coordinates, Loss loss) {
        if (coordinates.length <= MAXIMUM_COUPLED && loss.classes() <= MAXIMUM_COUPLED_CLASSES) {
            return List.of(coordinates);
        }
        return byClass(coordinates, loss.width());
    }

    /** One group per class, in pieces where a class is too large. */
    static List<int[]> byClass(int[] coordinates, int width) {
        int piece = Math.clamp(MAXIMUM_FLOATS / coordinates.length, 1, MAXIMUM_COUPLED);
        List<int[]> groups = new ArrayList<>();
        int from = 0;
        while (from < coordinates.length) {
            int c = coordinates[from] / width;
            int to = from;
            while (to < coordinates.length && coordinates[to] / width == c && to - from < piece) {
                to++;
            }
            groups.add(Arrays.copyOfRange(coordinates, from, to));
            from = to;
        }
        return groups;
    }

    /** Whole columns with their parameters of all classes, in as few groups as are not too large. */
    static List<int[]> byColumns(int[] columns, Loss loss) {
        int classes = loss.classes();
        int all = columns.length * classes;
        int piece = all <= MAXIMUM_COUPLED ? all : Math.clamp(MAXIMUM_FLOATS / all, 1, MAXIMUM_COUPLED);
        int count = Math.max(1, piece / classes);
        List<int[]> groups = new ArrayList<>();
        for (int from = 0; from < columns.length; from += count) {
            int size = Math.min(count, columns.length - from);
            int[] group = new int[size * classes];
            for (int i = 0; i < group.length; i++) {
                group[i] = i / size * loss.width() + columns[from + i % size];
            }
            groups.add(group);
        }
        return groups;
    }
}
