package io.heddle.cli.study;

import io.heddle.cluster.consensus.NeighborClustering;
import io.heddle.cluster.consensus.NeighborClusteringModel;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NearestNeighbors;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.List;

/** Runs the neighbour clustering: finds the neighbours once, then trains heads for each seed. */
final class NeighborRoute {
    private final NeighborClustering.Options options;
    private final Clock clock;
    private final WorkerPool pool;

    NeighborRoute(int clusters, Clock clock, WorkerPool pool) {
        this.options = NeighborClustering.Options.defaults().withClusters(clusters);
        this.clock = clock;
        this.pool = pool;
    }

    /**
     * @param epochs total number of training epochs of the heads
     * @param converged whether the heads agree
     * @param seconds time in seconds, including the search for the neighbours
     */
    record Found(int[] clusters, int epochs, boolean converged, double seconds) {}

    List<Found> run(FloatMatrix rows, long seed, int seeds) {
        // A small sample has fewer other rows than the number of neighbours.
        int count = (int) Math.min(options.neighbors(), rows.rows() - 1);
        clock.start(StudyStage.NEIGHBORS);
        NearestNeighbors.Options search = NearestNeighbors.Options.defaults().withNeighbors(count);
        Neighbors neighbors = NearestNeighbors.within(rows, search, pool);
        double searched = clock.stop(rows.rows(), "images", count + " of each, exact");

        clock.start(StudyStage.HEADS);
        List<Found> found = new ArrayList<>();
        double loss = 0;
        double agreement = 0;
        for (int i = 0; i < seeds; i++) {
            int before = i;
            int[] epochs = new int[1];
            NeighborClustering.Options fit = options.withNeighbors(count)
                    .withSeed(seed + i)
                    .withProgress(p -> {
                        epochs[0] = p.done();
                        clock.advance(before * (long) p.total() + p.done(), (long) seeds * p.total(), "");
                    });
            long start = System.nanoTime();
            try (NeighborClusteringModel model = NeighborClustering.fit(rows, neighbors, fit, pool)) {
                loss = i == 0 ? model.loss() : loss;
                agreement = i == 0 ? model.agreement() : agreement;
                double seconds = searched + (System.nanoTime() - start) / 1e9;
                found.add(new Found(model.labels(), epochs[0], model.converged(), seconds));
            }
        }
        boolean converged = found.getFirst().converged();
        clock.stop(
                rows.rows() * seeds,
                "images",
                "%d clusters, loss %.3f%s"
                        .formatted(
                                options.clusters(),
                                loss,
                                converged ? "" : ", not converged: heads agree on %.0f %%".formatted(100 * agreement)));
        return found;
    }
}
