package io.heddle.cli.catalogue;

import io.heddle.data.DataSource;
import io.heddle.data.FeatureSource;
import io.heddle.preprocessing.Column;
import io.heddle.preprocessing.Table;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;

/** Finds the columns that set the groups of a table apart: those whose means differ most from the mean of all rows. */
final class GroupTraits {
    /** Maximum number of columns per group. */
    private static final int MAXIMUM_TRAITS = 4;
    /** Minimum deviation of a trait, in standard deviations. */
    private static final double MINIMUM_DEVIATION = 0.25;
    /** Maximum number of distinct values of a compared text column. */
    private static final int MAXIMUM_VALUES = 1000;

    private final int[] groups;
    private final int count;
    private final List<List<GroupTrait>> traits = new ArrayList<>();

    private GroupTraits(int[] groups, int count) {
        this.groups = groups;
        this.count = count;
        for (int k = 0; k < count; k++) {
            traits.add(new ArrayList<>());
        }
    }

    /**
     * Returns the traits of each group, the greatest deviation first; none for images.
     *
     * @param groups group of each row of the data
     * @param count number of groups
     */
    static List<List<GroupTrait>> of(DataSource data, int[] groups, int count) throws IOException {
        GroupTraits found = new GroupTraits(groups, count);
        DataSource origin = data instanceof FeatureSource features ? features.origin() : data;
        Optional<Table> table = origin.table();
        if (table.isPresent()) {
            found.addTable(data, table.get());
        } else if (data.images().isEmpty()) {
            found.addColumns(data);
        }
        for (List<GroupTrait> own : found.traits) {
            own.sort(Comparator.comparingDouble((GroupTrait t) -> -Math.abs(t.deviation())));
            if (own.size() > MAXIMUM_TRAITS) {
                own.subList(MAXIMUM_TRAITS, own.size()).clear();
            }
        }
        return found.traits;
    }

    private void addTable(DataSource data, Table table) {
        Long2IntOpenHashMap groupOf = new Long2IntOpenHashMap();
        groupOf.defaultReturnValue(-1);
        for (int i = 0; i < groups.length; i++) {
            groupOf.put(data.fileRow(i), groups[i]);
        }
        int[] own = new int[Math.toIntExact(table.rows())];
        for (int i = 0; i < own.length; i++) {
            own[i] = groupOf.get(table.sourceRow(i));
        }
        double[] values = new double[own.length];
        for (int j = 0; j < table.columns().size(); j++) {
            Column column = table.columns().get(j);
            String name = table.named() ? column.name() : "x" + (j + 1);
            for (int i = 0; i < values.length; i++) {
                values[i] = table.value(i, j);
            }
            switch (column.kind()) {
                case NUMBER -> add(name, own, values, GroupTraits::number);
                case DATE ->
                    add(name, own, values, v -> LocalDate.ofEpochDay(Math.round(v))
                            .toString());
                case TIMESTAMP ->
                    add(name, own, values, v -> Instant.ofEpochSecond(Math.round(v))
                            .toString());
                case BOOLEAN -> add(name, own, values, GroupTraits::share);
                case CATEGORY -> addValues(name, own, values, column.categories());
            }
        }
    }

    private void addColumns(DataSource data) throws IOException {
        int columns = data.columns();
        double[][] sums = new double[count][columns];
        double[] squares = new double[columns];
        double[] first = new double[columns];
        double[] row = new double[columns];
        int[] sizes = new int[count];
        data.readDoubles(0, 1, first);
        for (int i = 0; i < groups.length; i++) {
            data.readDoubles(i, i + 1L, row);
            sizes[groups[i]]++;
            for (int j = 0; j < columns; j++) {
                // The first row is subtracted, to avoid cancellation.
                double beyond = row[j] - first[j];
                sums[groups[i]][j] += beyond;
                squares[j] += beyond * beyond;
            }
        }
        for (int j = 0; j < columns; j++) {
            double[] own = new double[count];
            for (int k = 0; k < count; k++) {
                own[k] = sums[k][j];
            }
            String name =
                    data.columnNames().size() == columns ? data.columnNames().get(j) : "x" + (j + 1);
            add(name, own, sizes, squares[j], first[j], GroupTraits::number);
        }
    }

    private void add(String name, int[] own, double[] values, DoubleFunction<String> text) {
        double[] sums = new double[count];
        int[] sizes = new int[count];
        double squares = 0;
        double first = 0;
        boolean any = false;
        for (int i = 0; i < values.length; i++) {
            if (own[i] >= 0 && !Double.isNaN(values[i])) {
                first = any ? first : values[i];
                any = true;
                double beyond = values[i] - first;
                sums[own[i]] += beyond;
                sizes[own[i]]++;
                squares += beyond * beyond;
            }
        }
        add(name, sums, sizes, squares, first, text);
    }

    /**
     * Adds a column.
     *
     * @param sums for each group, the sum of the values minus the first one
     * @param squares sum of the squares of all values minus the first one
     */
    private void add(
            String name, double[] sums, int[] sizes, double squares, double first, DoubleFunction<String> text) {
        double all = 0;
        long n = 0;
        for (int k = 0; k < count; k++) {
            all += sums[k];
            n += sizes[k];
        }
        if (n == 0) {
            return;
        }
        double mean = all / n;
        double deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
        for (int k = 0; k < count; k++) {
            double apart = (sums[k] / sizes[k] - mean) / deviation;
            if (sizes[k] > 0 && Double.isFinite(apart) && Math.abs(apart) >= MINIMUM_DEVIATION) {
                traits.get(k)
                        .add(new GroupTrait(
                                name, text.apply(sums[k] / sizes[k] + first), text.apply(mean + first), apart));
            }
        }
    }

    private void addValues(String name, int[] own, double[] values, List<String> categories) {
        if (categories.size() > MAXIMUM_VALUES) {
            return;
        }
        int[][] counts = new int[categories.size()][count];
        int[] sizes = new int[count];
        long n = 0;
        for (int i = 0; i < values.length; i++) {
            if (own[i] >= 0 && !Double.isNaN(values[i])) {
                counts[(int) values[i]][own[i]]++;
                sizes[own[i]]++;
                n++;
            }
        }
        for (int k = 0; k < count; k++) {
            GroupTrait most = null;
            for (int v = 0; v < counts.length && sizes[k] > 0; v++) {
                long inAll = 0;
                for (int c : counts[v]) {
                    inAll += c;
                }
                double share = (double) inAll / n;
                double within = (double) counts[v][k] / sizes[k];
                double apart = (within - share) / Math.sqrt(share * (1 - share));
                if (Double.isFinite(apart)
                        && Math.abs(apart) >= MINIMUM_DEVIATION
                        && (most == null || Math.abs(apart) > Math.abs(most.deviation()))) {
                    most = new GroupTrait(name + " = " + categories.get(v), share(within), share(share), apart);
                }
            }
            if (most != null) {
                traits.get(k).add(most);
            }
        }
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.0f\u00a0%%", 100 * share);
    }

    /** Formats a number with four significant digits, but all digits of its whole part. */
    private static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1000 && size < 1e9) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, "%.4g", value)
                .replaceFirst("(\\.\\d*?)0+(e|$)", "$1$2")
                .replaceFirst("\\.(e|$)", "$1");
    }
}
