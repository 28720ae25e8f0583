package io.heddle.cluster.consensus;

import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.Neighbors;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Trains many heads in parallel, then generations that start from the consensus of the previous one. Heads are ranked
 * by loss.
 */
final class HeadSelection implements AutoCloseable {
    private static final int BLOCK = 1024;
    private static final Comparator<HeadTraining> BEST_FIRST =
            Comparator.comparingDouble(HeadTraining::loss).thenComparingInt(HeadTraining::number);

    private final FloatMatrix inputs;
    private final int[] neighbors;
    private final int count;
    private final NeighborClustering.Options options;
    private final List<HeadTraining> heads = new ArrayList<>();
    /** The probabilities of all rows by each of the trained {@link #heads}. */
    private final List<FloatMatrix> probabilities = new ArrayList<>();

    private final AtomicInteger epochs = new AtomicInteger();
    private double agreement;

    /** Trains all heads and selects those that vote, the best first. */
    HeadSelection(FloatMatrix inputs, Neighbors found, NeighborClustering.Options options, WorkerPool pool) {
        this.inputs = inputs;
        this.options = options;
        count = options.neighbors();
        neighbors = nearest(found, count);
        NeighborClustering.Restarts restarts = options.restarts();
        HeadScratch[] scratch = new HeadScratch[pool.threads()];
        try {
            for (int h = 0; h < restarts.heads(); h++) {
                heads.add(new HeadTraining(h, inputs.columns(), options));
            }
            train(restarts.epochs(), List.of(), scratch, pool);
            for (int generation = 1; generation <= restarts.generations(); generation++) {
                succeed(generation, scratch, pool);
            }
            // If only one head votes, its agreement with the next best one is computed.
            keep(Math.max(restarts.votes(), Math.min(2, heads.size())));
            agreement = Consensus.agreement(probabilities, align());
            keep(restarts.votes());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        } finally {
            for (HeadScratch s : scratch) {
                if (s != null) {
                    s.close();
                }
            }
        }
    }

    private static int[] nearest(Neighbors found, int count) {
        if (found.count() == count) {
            return found.indices();
        }
        int[] nearest = new int[found.rows() * count];
        for (int i = 0; i < nearest.length; i++) {
            nearest[i] = found.index(i / count, i % count);
        }
        return nearest;
    }

    /** Trains successors, which replace the current heads. */
    private void succeed(int generation, HeadScratch[] scratch, WorkerPool pool) {
        NeighborClustering.Restarts restarts = options.restarts();
        int all = heads.size();
        keep(all);
        int[][] aligned = align();
        List<FloatMatrix> votes = new ArrayList<>();
        try {
            int half = (all + 1) / 2;
            for (int s = 0; s < restarts.successors(); s++) {
                int more = restarts.successors() == 1 ? all - half : (all - half) * s / (restarts.successors() - 1);
                votes.add(votes(Arrays.copyOf(aligned, half + more), pool));
            }
            close();
            for (int s = 0; s < restarts.successors(); s++) {
                int number = restarts.heads() + (generation - 1) * restarts.successors() + s;
                heads.add(new HeadTraining(number, inputs.columns(), options));
            }
            train(restarts.successorEpochs(), votes, scratch, pool);
        } finally {
            votes.forEach(FloatMatrix::close);
        }
    }

    /** @param votes the votes that each head is trained on first, or null */
    private void train(int more, List<FloatMatrix> votes, HeadScratch[] scratch, WorkerPool pool) {
        Thread caller = Thread.currentThread();
        for (int h = 0; h < heads.size(); h++) {
            probabilities.add(FloatMatrix.allocate(inputs.rows(), options.clusters()));
        }
        pool.run(heads.size(), (task, worker) -> {
            if (scratch[worker] == null) {
                int batch = HeadScratch.batch((int) Math.min(options.head().batchSize(), inputs.rows()));
                scratch[worker] =
                        new HeadScratch(batch, inputs.columns(), options.head().hidden(), options.clusters());
            }
            HeadTraining training = heads.get(task);
            if (!votes.isEmpty()) {
                training.imitate(inputs, votes.get(task), options.head(), scratch[worker]);
                count(caller);
            }
            for (int epoch = 0; epoch < more; epoch++) {
                training.epoch(inputs, neighbors, count, options.head(), scratch[worker]);
                count(caller);
            }
            double weight = options.head().entropyWeight();
            training.evaluate(inputs, neighbors, count, weight, scratch[worker], probabilities.get(task));
        });
        tell(epochs.get());
    }

    private void count(Thread caller) {
        int done = epochs.incrementAndGet();
        if (Thread.currentThread() == caller) {
            tell(done);
        }
    }

    private void tell(int done) {
        options.progress()
                .accept(new NeighborClustering.Progress(done, options.restarts().totalEpochs()));
    }

    /** Sorts the heads by loss and keeps only the best. */
    private void keep(int best) {
        List<HeadTraining> ranked = new ArrayList<>(heads);
        ranked.sort(BEST_FIRST);
        List<FloatMatrix> said = new ArrayList<>();
        for (HeadTraining head : ranked) {
            said.add(probabilities.get(heads.indexOf(head)));
        }
        ranked.subList(best, ranked.size()).forEach(HeadTraining::close);
        said.subList(best, said.size()).forEach(FloatMatrix::close);
        heads.clear();
        heads.addAll(ranked.subList(0, best));
        probabilities.clear();
        probabilities.addAll(said.subList(0, best));
    }

    /** The share of rows with the same cluster in the best head and another one; NaN for a single head. */
    double agreement() {
        return agreement;
    }

    /** The losses of the heads that vote, ascending. */
    double[] losses() {
        return heads.stream().mapToDouble(HeadTraining::loss).toArray();
    }

    /** For each head the numbers that its clusters have with the best one. */
    int[][] align() {
        return Consensus.align(probabilities);
    }

    /** The mean of the heads' probabilities, n × K, owned by the caller. */
    FloatMatrix votes(int[][] aligned, WorkerPool pool) {
        RowSlices slices = RowSlices.of(inputs.rows(), BLOCK);
        return FloatMatrix.allocate(
                inputs.rows(),
                options.clusters(),
                votes -> pool.run(slices.count(), (slice, worker) -> {
                    for (long i = slices.from(slice); i < slices.to(slice); i++) {
                        for (int h = 0; h < aligned.length; h++) {
                            Consensus.vote(probabilities.get(h), i, aligned[h], 1f / aligned.length, votes, i);
                        }
                    }
                }));
    }

    /** The trained heads, which the caller closes; other memory of the training is freed. */
    List<ConsistencyHead> release() {
        List<ConsistencyHead> released = new ArrayList<>();
        for (HeadTraining training : heads) {
            training.head.finish();
            released.add(training.head);
        }
        heads.clear();
        return List.copyOf(released);
    }

    @Override
    public void close() {
        heads.forEach(HeadTraining::close);
        heads.clear();
        probabilities.forEach(FloatMatrix::close);
        probabilities.clear();
    }
}
