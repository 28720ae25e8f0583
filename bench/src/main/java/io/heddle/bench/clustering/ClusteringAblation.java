package io.heddle.bench.clustering;

import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.cluster.consensus.NeighborClusteringModel;
import io.heddle.data.fashion.FashionMnist;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.metrics.ClusteringScores;
import io.heddle.metrics.ClusteringStability;
import io.heddle.metrics.Silhouette;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.NeighborGraph;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;

/**
 * {@code bench/run clustering [--seeds R] [--sample N] [--out FILE] FEATURES ...}: clusters all images by each set of
 * features, with and without whitening, normalisation, diffusion and heads, and writes a table of markdown. The table
 * has scores without labels (silhouette, stability over the seeds) and scores with labels.
 */
public final class ClusteringAblation {
    private static final double QUARTER = 0.25;
    private static final int DIFFUSION_NEIGHBORS = 15;
    private static final int DIFFUSION_ROUNDS = 8;
    private static final String HEAD = """
            | features | whitened | unit rows | diffused | clusters by | ARI | NMI | ACC | silhouette | stability | seconds |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;

    private final int[] labels;
    private final int classes;
    private final int seeds;
    private final WorkerPool pool = WorkerPool.shared();
    private final List<String> lines = new ArrayList<>();
    private final Path out;

    private ClusteringAblation(int[] labels, int classes, int seeds, Path out) {
        this.labels = labels;
        this.classes = classes;
        this.seeds = seeds;
        this.out = out;
    }

    /** Exit code 2 if the command line is invalid. */
    public static void main(String[] arguments) throws IOException {
        int seeds = 5;
        int sample = 0;
        Path out = Path.of("clustering.md");
        List<String> sets = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seeds" -> seeds = Integer.parseInt(arguments[++i]);
                case "--sample" -> sample = Integer.parseInt(arguments[++i]);
                case "--out" -> out = Path.of(arguments[++i]);
                default -> sets.add(arguments[i]);
            }
        }
        if (sets.isEmpty() || seeds < 1) {
            System.err.println("usage: bench/run clustering [--seeds R] [--sample N] [--out FILE] FEATURES ...\n"
                    + "FEATURES: pixels, an encoder's name or file, or several joined by +");
            System.exit(2);
        }
        ImageDataset whole = FashionMnist.load(Optional.empty(), System.err::println);
        try (ImageDataset data = sample > 0 ? whole.sample(sample, sample / 6, 0) : whole;
                FloatMatrix images = stacked(data.trainImages(), data.testImages())) {
            int[] labels = Arrays.copyOf(data.trainLabels(), (int) images.rows());
            System.arraycopy(data.testLabels(), 0, labels, data.trainLabels().length, data.testLabels().length);
            ClusteringAblation ablation = new ClusteringAblation(labels, data.classes(), seeds, out);
            for (String set : sets) {
                List<FloatMatrix> features = FeatureSet.features(set, images, data);
                try {
                    ablation.run(FeatureSet.label(set), features);
                } finally {
                    features.forEach(FloatMatrix::close);
                }
            }
        }
    }

    private static FloatMatrix stacked(FloatMatrix top, FloatMatrix bottom) {
        FloatMatrix all = FloatMatrix.allocate(top.rows() + bottom.rows(), top.columns());
        MemorySegment.copy(top.segment(), 0, all.segment(), 0, top.offset(top.rows()));
        MemorySegment.copy(bottom.segment(), 0, all.segment(), all.offset(top.rows()), bottom.offset(bottom.rows()));
        return all;
    }

    private void run(String set, List<FloatMatrix> features) throws IOException {
        for (boolean whiten : new boolean[] {false, true}) {
            for (boolean normalize : new boolean[] {false, true}) {
                double whitening = whiten ? QUARTER : 0;
                String steps = "| %s | %s | %s |".formatted(set, whiten ? "¼" : "", normalize ? "yes" : "");
                try (FloatMatrix rows = FeatureSet.reduced(features, whitening, normalize, pool)) {
                    kMeans(steps + " | k-means |", rows);
                    if (whiten && normalize) {
                        neighbors(steps, rows);
                    }
                }
            }
        }
    }

    private void neighbors(String steps, FloatMatrix rows) throws IOException {
        heads(steps + " | heads |", rows, rows);
        int count = DIFFUSION_NEIGHBORS;
        Neighbors near = NearestNeighbors.within(
                rows, NearestNeighbors.Options.defaults().withNeighbors(count), pool);
        try (FloatMatrix diffused = NeighborGraph.of(near).diffuse(rows, DIFFUSION_ROUNDS, pool)) {
            RowNormalizer.normalize(diffused, pool);
            kMeans(steps + " yes | k-means |", diffused);
            heads(steps + " yes | heads |", diffused, rows);
        }
    }

    private void kMeans(String steps, FloatMatrix rows) throws IOException {
        KMeans.Options options = KMeans.Options.defaults().withClusters(classes).withAlgorithm(KMeans.Algorithm.LLOYD);
        repeat(steps, rows, seed -> {
            try (KMeansModel model = KMeans.fit(rows, options.withSeed(seed), pool)) {
                return model.labels();
            }
        });
    }

    private void heads(String steps, FloatMatrix rows, FloatMatrix judged) throws IOException {
        NeighborClustering.Options options =
                NeighborClustering.Options.defaults().withClusters(classes);
        repeat(steps, judged, seed -> {
            try (NeighborClusteringModel model = NeighborClustering.fit(rows, options.withSeed(seed), pool)) {
                return model.labels();
            }
        });
    }

    private void repeat(String steps, FloatMatrix judged, LongFunction<int[]> clustering) throws IOException {
        List<int[]> found = new ArrayList<>();
        List<ClusteringScores> scores = new ArrayList<>();
        double[] silhouettes = new double[seeds];
        double[] seconds = new double[seeds];
        for (int seed = 0; seed < seeds; seed++) {
            long start = System.nanoTime();
            int[] clusters = clustering.apply(seed);
            seconds[seed] = (System.nanoTime() - start) / 1e9;
            found.add(clusters);
            scores.add(ClusteringScores.of(labels, clusters));
            silhouettes[seed] = Silhouette.score(judged, clusters, Silhouette.Options.defaults(), pool);
        }
        String stability = seeds < 2 ? "" : three(ClusteringStability.of(found).ari());
        String line = "%s %s | %s | %s | %s | %s | %.1f |"
                .formatted(
                        steps,
                        range(scores, ClusteringScores::ari),
                        range(scores, ClusteringScores::nmi),
                        range(scores, ClusteringScores::accuracy),
                        three(median(silhouettes)),
                        stability,
                        median(seconds));
        System.out.println(line);
        lines.add(line);
        // Written after each line, so that an interruption does not lose results.
        Files.writeString(
                out,
                HEAD + String.join("\n", lines) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
    }

    private static String range(List<ClusteringScores> scores, ToDoubleFunction<ClusteringScores> figure) {
        double[] values = scores.stream().mapToDouble(figure).sorted().toArray();
        String middle = three(median(values));
        return values.length == 1
                ? middle
                : "%s (%s–%s)".formatted(middle, three(values[0]), three(values[values.length - 1]));
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static String three(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
