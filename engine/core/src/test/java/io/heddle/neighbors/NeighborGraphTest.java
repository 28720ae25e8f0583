package io.heddle.neighbors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.heddle.decomposition.RowNormalizer;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeighborGraphTest {
    private static final int N = 120;
    private static final int D = 5;

    private static FloatMatrix unitRows() {
        SplittableRandom random = new SplittableRandom(8);
        FloatMatrix x = FloatMatrix.allocate(N, D);
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < D; j++) {
                x.set(i, j, (float) (random.nextGaussian() + (i % 3 == j ? 2 : 0)));
            }
        }
        RowNormalizer.normalize(x);
        return x;
    }

    /** The definition, with dense matrices in double. */
    @Test
    void diffusesAlongMutualNeighbours() {
        int k = 6;
        try (FloatMatrix x = unitRows()) {
            double[][] cosine = new double[N][N];
            boolean[][] names = new boolean[N][N];
            for (int i = 0; i < N; i++) {
                for (int j = 0; j < N; j++) {
                    for (int c = 0; c < D; c++) {
                        cosine[i][j] += (double) x.get(i, c) * x.get(j, c);
                    }
                }
            }
            Neighbors found = NearestNeighbors.within(
                    x, NearestNeighbors.Options.defaults().withNeighbors(k));
            double[][] q = new double[N][D];
            for (int i = 0; i < N; i++) {
                for (int rank = 0; rank < k; rank++) {
                    names[i][found.index(i, rank)] = true;
                }
                for (int c = 0; c < D; c++) {
                    q[i][c] = x.get(i, c);
                }
            }
            for (int round = 0; round < 3; round++) {
                double[][] next = new double[N][D];
                for (int i = 0; i < N; i++) {
                    double degree = 0;
                    double[] sum = new double[D];
                    for (int j = 0; j < N; j++) {
                        double weight = names[i][j] ? cosine[i][j] * (names[j][i] ? 1 : 1e-3) : 0;
                        degree += weight;
                        for (int c = 0; c < D; c++) {
                            sum[c] += weight * q[j][c];
                        }
                    }
                    for (int c = 0; c < D; c++) {
                        next[i][c] = q[i][c] / 2 + sum[c] / degree / 2;
                    }
                }
                q = next;
            }
            NeighborGraph graph = NeighborGraph.of(found);
            for (int threads : new int[] {1, 3}) {
                try (WorkerPool pool = WorkerPool.of(threads);
                        FloatMatrix diffused = graph.diffuse(x, 3, pool)) {
                    for (int i = 0; i < N; i++) {
                        for (int c = 0; c < D; c++) {
                            assertThat((double) diffused.get(i, c)).isCloseTo(q[i][c], within(1e-6));
                        }
                    }
                }
            }
        }
    }

    @Test
    void noRoundsChangeNothing() {
        try (FloatMatrix x = unitRows();
                FloatMatrix same = NeighborGraph.of(NearestNeighbors.within(x, NearestNeighbors.Options.defaults()))
                        .diffuse(x, 0, WorkerPool.shared())) {
            assertThat(same.segment().mismatch(x.segment())).isEqualTo(-1);
        }
    }

    @Test
    void refusesInputThatDoesNotFit() {
        try (FloatMatrix x = unitRows();
                FloatMatrix few = FloatMatrix.allocate(4, 2)) {
            NeighborGraph graph = NeighborGraph.of(NearestNeighbors.within(x, NearestNeighbors.Options.defaults()));
            assertThat(graph.rows()).isEqualTo(N);
            assertThatThrownBy(() -> graph.diffuse(few, 1, WorkerPool.shared()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessage("a matrix of 4 rows does not fit a graph of 120");
            assertThatThrownBy(() -> graph.diffuse(x, -1, WorkerPool.shared()))
                    .hasMessage("diffusion requires 0 or more iterations, not -1");
        }
    }
}
