package io.heddle.cli.study;

import io.heddle.cli.study.ClusteringResult.Run;
import io.heddle.cli.study.ClusteringResult.Scatter;
import io.heddle.cluster.KMeans;
import io.heddle.cluster.KMeansModel;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.decomposition.Pca;
import io.heddle.decomposition.PcaModel;
import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.metrics.ClusteringScores;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Clusters all images by an encoder's features: features, components, unit rows, and then k-means or neighbour
 * clustering.
 */
final class Clustering {
    /** Number of k-means runs; the one with the lowest inertia is used. About one in three ends in a worse optimum. */
    private static final int INITIALIZATIONS = 5;

    /** Halfway, in logarithms, to unit variance; see docs/clustering.md for the reason. */
    private static final double WHITENING = 0.25;

    private static final int SCATTER_POINTS = 2400;
    private static final int MEMBERS_SHOWN = 26;

    private final StudyOptions options;
    private final Clock clock;
    private final Album album;
    private final WorkerPool pool;

    Clustering(StudyOptions options, Clock clock, Album album, WorkerPool pool) {
        this.options = options;
        this.clock = clock;
        this.album = album;
        this.pool = pool;
    }

    /** The reduced images: scaled components, rows of unit length. */
    private record Reduced(FloatMatrix rows, double[] varianceRatio, float[] x, float[] y, double seconds)
            implements AutoCloseable {
        @Override
        public void close() {
            rows.close();
        }
    }

    /**
     * The results of both methods.
     *
     * @param neighbors empty if it was not requested
     */
    record Both(ClusteringResult kMeans, Optional<ClusteringResult> neighbors) {}

    /** The result of one run without its scores. The distances are only those of the shown images. */
    private record Partition(
            int[] clusters, double inertia, int iterations, boolean converged, double seconds, float[] distances) {}

    Both run(ImageDataset data, ImageFeatures features) {
        int[] labels = new int[Math.toIntExact(features.pooled().rows())];
        System.arraycopy(data.trainLabels(), 0, labels, 0, data.trainLabels().length);
        System.arraycopy(data.testLabels(), 0, labels, data.trainLabels().length, data.testLabels().length);
        int[] shown = spread(labels.length);
        try (Reduced reduced = reduce(features.pooled())) {
            ClusteringResult kMeans = byKMeans(data, labels, features, reduced, shown);
            Optional<ClusteringResult> neighbors = options.method() == ClusteringMethod.NEIGHBORS
                    ? Optional.of(byNeighbors(data, labels, features, reduced, shown))
                    : Optional.empty();
            return new Both(kMeans, neighbors);
        }
    }

    private Reduced reduce(FloatMatrix features) {
        clock.start(StudyStage.PCA);
        int components = Study.components(features);
        Pca.Options fit = Pca.Options.defaults()
                .withComponents(components)
                .withWhitening(WHITENING)
                .withSeed(options.seed())
                .withProgress(p -> clock.advance(p.pass(), 0, ""));
        try (PcaModel pca = Pca.fit(features, fit, pool)) {
            FloatMatrix rows = pca.transform(features);
            double[] ratio = pca.explainedVarianceRatio();
            double seconds = clock.stop(
                    features.rows(),
                    "images",
                    "%d of %d hold %.1f %%%s"
                            .formatted(
                                    components,
                                    features.columns(),
                                    100 * Study.sum(ratio),
                                    pca.converged() ? "" : ", not converged"));
            float[] x = column(rows, 0);
            float[] y = column(rows, Math.min(1, components - 1));

            clock.start(StudyStage.NORMALISE);
            RowNormalizer.normalize(rows, pool);
            clock.stop(rows.rows(), "rows", "");
            return new Reduced(rows, ratio, x, y, seconds);
        }
    }

    private ClusteringResult byKMeans(
            ImageDataset data, int[] labels, ImageFeatures features, Reduced reduced, int[] shown) {
        clock.start(StudyStage.KMEANS);
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < options.seeds(); i++) {
            partitions.add(partition(reduced.rows(), data.classes(), options.seed() + i, shown));
        }
        clock.stop(
                reduced.rows().rows() * options.seeds(),
                "images",
                "%d clusters, %d iterations%s"
                        .formatted(
                                data.classes(),
                                partitions.getFirst().iterations(),
                                partitions.getFirst().converged() ? "" : ", not converged"));
        return judge(data, labels, features, reduced, shown, partitions);
    }

    private ClusteringResult byNeighbors(
            ImageDataset data, int[] labels, ImageFeatures features, Reduced reduced, int[] shown) {
        NeighborRoute route = new NeighborRoute(data.classes(), clock, pool);
        List<Partition> partitions = new ArrayList<>();
        for (NeighborRoute.Found found : route.run(reduced.rows(), options.seed(), options.seeds())) {
            try (ClusterMeans means = ClusterMeans.of(reduced.rows(), found.clusters(), data.classes())) {
                partitions.add(new Partition(
                        found.clusters(),
                        means.inertia(),
                        found.epochs(),
                        found.converged(),
                        found.seconds(),
                        Members.distances(reduced.rows(), means.centroids(), found.clusters(), shown)));
            }
        }
        return judge(data, labels, features, reduced, shown, partitions);
    }

    private ClusteringResult judge(
            ImageDataset data,
            int[] labels,
            ImageFeatures features,
            Reduced reduced,
            int[] shown,
            List<Partition> partitions) {
        Partition chosen = partitions.getFirst();
        clock.start(StudyStage.METRICS);
        List<Run> runs = new ArrayList<>();
        for (Partition p : partitions) {
            ClusteringScores scores = ClusteringScores.of(labels, p.clusters());
            runs.add(new Run(options.seed() + runs.size(), scores, p.inertia(), p.iterations(), p.converged()));
        }
        ClusteringScores scores = runs.getFirst().scores();
        int[][] members = new int[data.classes()][];
        for (int k = 0; k < members.length; k++) {
            members[k] = album.addAll(Members.first(chosen.clusters(), k, MEMBERS_SHOWN));
        }
        Scatter scatter = new Scatter(
                reduced.x(), reduced.y(), labels, chosen.clusters(), chosen.distances(), album.addAll(shown));
        clock.stop(0, "", "ARI %.3f, NMI %.3f".formatted(scores.ari(), scores.nmi()));

        return new ClusteringResult(
                features.encoder(),
                features.precision(),
                features.inputSize(),
                features.pooled().columns(),
                reduced.varianceRatio(),
                List.copyOf(runs),
                Members.sizes(chosen.clusters(), data.classes()),
                Members.composition(chosen.clusters(), labels, data.classes(), data.classes()),
                members,
                scatter,
                new ClusteringResult.Seconds(features.seconds(), reduced.seconds(), chosen.seconds()));
    }

    private Partition partition(FloatMatrix rows, int clusters, long seed, int[] shown) {
        long start = System.nanoTime();
        KMeans.Options fit = KMeans.Options.defaults()
                .withAlgorithm(KMeans.Algorithm.LLOYD)
                .withClusters(clusters)
                .withInitializations(INITIALIZATIONS)
                .withSeed(seed);
        try (KMeansModel model = KMeans.fit(rows, fit, pool)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Partition(
                    model.labels(),
                    model.inertia(),
                    model.iterations(),
                    model.converged(),
                    seconds,
                    Members.distances(rows, model.centroids(), model.labels(), shown));
        }
    }

    private static int[] spread(int n) {
        int count = Math.min(n, SCATTER_POINTS);
        int[] indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = (int) ((long) i * n / count);
        }
        return indices;
    }

    private static float[] column(FloatMatrix m, int column) {
        float[] values = new float[Math.toIntExact(m.rows())];
        for (int i = 0; i < values.length; i++) {
            values[i] = m.get(i, column);
        }
        return values;
    }
}
