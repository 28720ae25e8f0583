package io.heddle.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Divides coordinates into groups with an estimated Hessian each. */
final class CoordinateGroups {
    /** Maximum coordinates of a coupled estimate: 4,224² floats are 71 MB. */
    static final int MAXIMUM_COUPLED = 4_224;
    /** Maximum number of coupled classes: the memory for the pairs of more is not worth the saving. */
    private static final int MAXIMUM_COUPLED_CLASSES = 64;
    /** Maximum floats of all estimates together if they are not coupled: 256 MB. */
    private static final long MAXIMUM_FLOATS = 1L << 26;

    private CoordinateGroups() {}

    /** One coupled group if it is not too large, else one group per class. */
    static List<int[]> of(int[] coordinates, Loss loss) {
        if (coordinates.length <= MAXIMUM_COUPLED && loss.classes() <= MAXIMUM_COUPLED_CLASSES) {
            return List.of(coordinates);
        }
        return byClass(coordinates, loss.width());
    }

    /** One group per class, divided if a class is too large. */
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

    /** Whole columns with their parameters of all classes, in the minimum number of groups that are not too large. */
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
