package io.heddle.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupDescentTest {
    private static final int CLASSES = 4;

    /** A quadratic in double. */
    private record Dense(double[][] hessian, double[] current) implements GroupDescent.Quadratic {
        @Override
        public double curvature(int i, int k) {
            return hessian[i][k];
        }

        @Override
        public double slope(int i) {
            return current[i];
        }

        @Override
        public void move(int i, double change) {
            for (int k = 0; k < current.length; k++) {
                current[k] += change * hessian[i][k];
            }
        }
    }

    /** The subgradient of smallest norm vanishes where the descent ends, also where the Hessian is singular. */
    @ParameterizedTest
    @CsvSource({"0.05, 1", "0.2, 1", "1, 1", "0.05, 0", "0.2, 0", "5, 0"})
    void endsAtTheMinimum(double l1, double ridge) {
        int columns = 6;
        int width = columns + 1;
        int size = CLASSES * width;
        GroupedPenalty penalty = new GroupedPenalty(
                l1, 0, new PenaltyScale(new double[] {1, 1, 0.5, 2, 1, 0}, new double[] {1, 1, 1, 1, 3, 1}));
        SplittableRandom random = new SplittableRandom(8);
        // Without a ridge the Hessian has half the rank; a slope in its range keeps the minimum finite.
        double[][] factor = new double[size][ridge > 0 ? size : size / 2];
        for (double[] row : factor) {
            for (int k = 0; k < row.length; k++) {
                row[k] = random.nextGaussian() / Math.sqrt(size);
            }
        }
        double[][] hessian = new double[size][size];
        double[] inside = random.doubles(factor[0].length, -1, 1).toArray();
        double[] gradient = new double[size];
        for (int i = 0; i < size; i++) {
            for (int f = 0; f < inside.length; f++) {
                gradient[i] += factor[i][f] * inside[f];
                for (int k = 0; k < size; k++) {
                    hessian[i][k] += factor[i][f] * factor[k][f];
                }
            }
            hessian[i][i] += 0.01 * ridge;
        }
        double[] w = random.doubles(size, -0.5, 0.5).toArray();
        int[] every = IntStream.range(0, size).toArray();
        double[] direction = new double[size];
        new GroupDescent(new Dense(hessian, gradient.clone()), every, w, penalty).minimise(50_000, 1e-12, direction);
        double[] end = new double[size];
        double[] slope = gradient.clone();
        for (int i = 0; i < size; i++) {
            end[i] = w[i] + direction[i];
            for (int k = 0; k < size; k++) {
                slope[i] += hessian[i][k] * direction[k];
            }
        }
        double[] left = new double[size];
        penalty.subgradient(slope, end, left);
        for (double v : left) {
            assertThat(v).isCloseTo(0, within(1e-7));
        }
        if (l1 == 5) {
            assertThat(end[0]).isZero();
        }
    }
}
