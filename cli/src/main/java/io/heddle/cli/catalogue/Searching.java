package io.heddle.cli.catalogue;

import io.heddle.data.DataOptions;
import io.heddle.data.DataSource;
import io.heddle.data.photo.PhotoFile;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NearestNeighbors.Metric;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Finds similar rows: features, principal components of those of an encoder, exact nearest neighbours. */
public final class Searching {
    private static final int SHOWN_QUERIES = 40;
    private static final int ROUGH_COMPONENTS = 64;
    /** Images up to this side are small; most encoders were trained on larger ones. */
    private static final int FEW_PIXELS = 64;

    private final Options options;
    private final Watcher watcher;
    private final WorkerPool pool;

    /**
     * The query: a row, a file, or all rows if both are empty.
     *
     * @param row the row of the query
     * @param file a photo, or data with the same number of columns
     * @param top number of neighbours per query
     * @param metric metric; by default cosine for images and euclidean for tables
     * @param components number of principal components of an encoder's features, 0 for unchanged features
     * @param pixels weight of the coarse pixels relative to the encoder's features; by default 1 for small images,
     *     otherwise 0
     * @param standardize whether columns of a table are standardized
     * @param reading options of reading the data and the file
     */
    public record Options(
            OptionalInt row,
            Optional<Path> file,
            int top,
            Optional<Metric> metric,
            int components,
            OptionalDouble pixels,
            boolean standardize,
            DataOptions reading,
            long seed) {
        public Options {
            InvalidInputException.require(top >= 1, "--top must be 1 or more, not %d", top);
            InvalidInputException.require(components >= 0, "--components must be 0 or more, not %d", components);
            InvalidInputException.require(
                    pixels.isEmpty() || pixels.getAsDouble() >= 0 && Double.isFinite(pixels.getAsDouble()),
                    "--pixels must be 0 or more, not %s",
                    pixels.orElse(0));
        }
    }

    private Searching(Options options, Watcher watcher, WorkerPool pool) {
        this.options = options;
        this.watcher = watcher;
        this.pool = pool;
    }

    /** Searches the data. */
    public static Similar of(DataSource data, EncoderChoice encoder, Options options, Watcher watcher, WorkerPool pool)
            throws IOException {
        return new Searching(options, watcher, pool).run(data, encoder);
    }

    private Similar run(DataSource data, EncoderChoice encoder) throws IOException {
        long start = System.nanoTime();
        long candidates = data.rows() - (options.file().isPresent() ? 0 : 1);
        InvalidInputException.require(
                options.top() <= candidates,
                "--top %d is more than the %d other rows of %s",
                options.top(),
                candidates,
                data.name());
        OptionalInt row = options.row().isPresent()
                ? OptionalInt.of(row(data, options.row().getAsInt()))
                : OptionalInt.empty();
        // Opened before the long work to detect errors early.
        try (FloatMatrix query = readQuery(data);
                Features features = Features.open(data, encoder, watcher);
                FloatMatrix seen = features.all();
                FloatMatrix asked = query == null ? null : features.of(query)) {
            if (options.standardize() && data.images().isEmpty()) {
                ColumnScaling columns = ColumnScaling.of(seen);
                columns.standardize(seen);
                if (asked != null) {
                    columns.standardize(asked);
                }
            }
            if (!features.encoded() || options.components() == 0) {
                return search(data, features, seen, asked, query, row, start);
            }
            watcher.started("Principal components");
            double pixels = options.pixels().orElse(fewPixels(data) ? 1 : 0);
            CoarsePixels coarse =
                    pixels == 0 ? null : new CoarsePixels(data.images().orElseThrow());
            try (HalfWhitened fine = HalfWhitened.fit(seen, options.components(), options.seed(), pool);
                    FloatMatrix far = coarse == null ? null : coarse.all(data);
                    HalfWhitened rough =
                            far == null ? null : HalfWhitened.fit(far, ROUGH_COMPONENTS, options.seed(), pool)) {
                try (FloatMatrix points = view(fine, seen, rough, far, pixels);
                        FloatMatrix farQuery = query == null || coarse == null ? null : coarse.of(query);
                        FloatMatrix queries = asked == null ? null : view(fine, asked, rough, farQuery, pixels)) {
                    return search(data, features, points, queries, query, row, start);
                }
            }
        }
    }

    /** Returns the index of a row of the file among the searched rows. */
    private static int row(DataSource data, int fileRow) {
        long last = data.fileRow(data.rows() - 1);
        InvalidInputException.require(
                fileRow >= 0 && fileRow <= last,
                "--query %d is not a row of %s: rows are 0 to %d",
                fileRow,
                data.name(),
                last);
        // The row numbers are ascending, without the rows that were left out.
        for (int i = (int) Math.min(fileRow, data.rows() - 1); i >= 0; i--) {
            if (data.fileRow(i) == fileRow) {
                return i;
            }
        }
        throw new InvalidInputException(
                "--query %d: this row of %s was left out, so it has no neighbours".formatted(fileRow, data.name()));
    }

    private static boolean fewPixels(DataSource data) {
        return data.images()
                .filter(shape -> Math.max(shape.width(), shape.height()) <= FEW_PIXELS)
                .isPresent();
    }

    private static FloatMatrix view(
            HalfWhitened fine, FloatMatrix features, HalfWhitened rough, FloatMatrix pixels, double weight) {
        FloatMatrix seen = fine.apply(features);
        return rough == null ? seen : HalfWhitened.beside(seen, rough.apply(pixels), weight);
    }

    /** Returns the rows of the query file, in the shape of the data; null if there is none. */
    private FloatMatrix readQuery(DataSource data) throws IOException {
        if (options.file().isEmpty()) {
            return null;
        }
        Path file = options.file().get();
        if (data.images().isPresent() && PhotoFile.is(file)) {
            return PhotoFile.read(file, data.images().get(), options.reading());
        }
        // The file has the columns of the features. Those of IDs and those that were left out are optional.
        DataOptions reading = options.reading().withoutLabels();
        reading = reading.withRoles(reading.roles().withOptional(true));
        try (DataSource given = DataSource.open(file.toString(), data.likewise(reading), watcher::note);
                DataSource source = data.likewise(given, watcher::note)) {
            InvalidInputException.require(
                    source.columns() == data.columns(),
                    "%s has %d columns, but %s has %d",
                    source.name(),
                    source.columns(),
                    data.name(),
                    data.columns());
            try (FloatMatrix read = source.read()) {
                return read.copy();
            }
        }
    }

    /** The neighbours of each query and their distances, nearest first. */
    private record Found(int[] neighbors, float[] distances) {}

    private Similar search(
            DataSource data,
            Features features,
            FloatMatrix points,
            FloatMatrix asked,
            FloatMatrix query,
            OptionalInt row,
            long start)
            throws IOException {
        watcher.started("Nearest neighbours");
        Metric metric = options.metric().orElse(data.images().isPresent() ? Metric.COSINE : Metric.EUCLIDEAN);
        if (metric == Metric.COSINE) {
            requireDirections(data, points);
        }
        Found found = neighbors(points, asked, row, metric);
        float[] similarities = new float[found.distances.length];
        for (int i = 0; i < similarities.length; i++) {
            float d = found.distances[i];
            similarities[i] = metric == Metric.COSINE ? 1 - d : 1 / (1 + d);
        }
        int[] queries = queries(data, asked, row);
        watcher.started("Pictures");
        Gallery gallery = new Gallery();
        int[] shown = Spread.over(queries.length, SHOWN_QUERIES);
        for (int q : shown) {
            if (queries[q] >= 0) {
                gallery.add(queries[q]);
            }
            gallery.addAll(Arrays.copyOfRange(found.neighbors, q * options.top(), (q + 1) * options.top()));
        }
        Pictures pictures = gallery.develop(data);
        boolean pictured = query != null && data.images().isPresent();
        return new Similar(
                data.name(),
                Math.toIntExact(data.rows()),
                features.description(),
                metric.name().toLowerCase(Locale.ROOT),
                place(),
                queries,
                options.top(),
                found.neighbors,
                similarities,
                data.labels(),
                sameLabel(data, queries, found.neighbors),
                shown,
                pictures,
                pictured ? Optional.of(Gallery.of(query, data.images().get())) : Optional.empty(),
                RowNames.of(data),
                (System.nanoTime() - start) / 1e9);
    }

    /** Refuses or reports rows of zeros, because their cosine with every row is 0, even with an equal one. */
    private void requireDirections(DataSource data, FloatMatrix points) {
        float[] row = new float[points.columns()];
        long zeros = 0;
        for (long i = 0; i < points.rows(); i++) {
            points.getRow(i, row);
            zeros += isZero(row) ? 1 : 0;
        }
        InvalidInputException.require(
                zeros < points.rows(),
                "all rows of %s are equal: there is nothing to compare by the cosine",
                data.name());
        if (zeros > 0) {
            watcher.note(
                    "%s: %d of %d rows are 0 in all columns, so their cosine with every row is 0; --metric euclidean compares them"
                            .formatted(data.name(), zeros, points.rows()));
        }
    }

    private static boolean isZero(float[] row) {
        for (float value : row) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private Found neighbors(FloatMatrix points, FloatMatrix asked, OptionalInt queried, Metric metric) {
        NearestNeighbors.Options settings =
                NearestNeighbors.Options.defaults().withMetric(metric).withNeighbors(options.top());
        if (asked != null) {
            Neighbors found = NearestNeighbors.find(asked, points, settings, pool);
            return new Found(found.indices(), found.distances());
        }
        if (queried.isEmpty()) {
            Neighbors found = NearestNeighbors.within(points, settings, pool);
            return new Found(found.indices(), found.distances());
        }
        int row = queried.getAsInt();
        try (FloatMatrix one = points.gather(new int[] {row})) {
            return without(row, NearestNeighbors.find(one, points, settings.withNeighbors(options.top() + 1), pool));
        }
    }

    /** Returns the neighbours of a query without itself or, if equal rows displaced it, without the last. */
    private static Found without(int row, Neighbors found) {
        int[] ranks = IntStream.range(0, found.count())
                .filter(rank -> found.index(0, rank) != row)
                .limit(found.count() - 1L)
                .toArray();
        float[] distances = new float[ranks.length];
        for (int i = 0; i < ranks.length; i++) {
            distances[i] = found.distance(0, ranks[i]);
        }
        return new Found(Arrays.stream(ranks).map(rank -> found.index(0, rank)).toArray(), distances);
    }

    private int[] queries(DataSource data, FloatMatrix asked, OptionalInt row) {
        if (asked != null) {
            int[] none = new int[Math.toIntExact(asked.rows())];
            Arrays.fill(none, -1);
            return none;
        }
        return row.isPresent()
                ? new int[] {row.getAsInt()}
                : IntStream.range(0, Math.toIntExact(data.rows())).toArray();
    }

    private String place() {
        if (options.file().isPresent()) {
            return options.file().get().getFileName().toString();
        }
        return options.row().isPresent() ? "row " + options.row().getAsInt() : "all rows";
    }

    /** Returns, by rank, the share of neighbours with the label of their query. */
    private double[] sameLabel(DataSource data, int[] queries, int[] neighbors) {
        if (data.labels().isEmpty() || queries[0] < 0) {
            return new double[0];
        }
        int[] labels = data.labels().get().values();
        int[] same = new int[options.top()];
        for (int i = 0; i < neighbors.length; i++) {
            same[i % same.length] += labels[queries[i / same.length]] == labels[neighbors[i]] ? 1 : 0;
        }
        return Arrays.stream(same).mapToDouble(s -> (double) s / queries.length).toArray();
    }
}
