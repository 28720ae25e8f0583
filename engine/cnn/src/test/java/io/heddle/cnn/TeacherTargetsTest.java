package io.heddle.cnn;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.matrix.FloatMatrix;
import io.heddle.parallel.WorkerPool;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TeacherTargetsTest {
    private static final int ROWS = 300;
    private static final int KINDS = 3;

    /** Noise around the corner of a triangle with the row's number modulo three. */
    private static FloatMatrix corners() {
        SplittableRandom random = new SplittableRandom(7);
        FloatMatrix features = FloatMatrix.allocate(ROWS, 5);
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < 5; j++) {
                features.set(i, j, (float) (random.nextGaussian() + (j == i % KINDS ? 4 : 0)));
            }
        }
        return features;
    }

    private static TrainingOptions smoothed(int rounds) {
        return TrainingOptions.defaults()
                .withTeaching(new TrainingOptions.Teaching(Optional.empty(), 1, KINDS, rounds, false));
    }

    /** Mean cosine between rows of the same kind. */
    private static double meanCosine(FloatMatrix rows) {
        double sum = 0;
        int pairs = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int o = i + KINDS; o < ROWS; o += KINDS) {
                for (int j = 0; j < rows.columns(); j++) {
                    sum += rows.get(i, j) * rows.get(o, j);
                }
                pairs++;
            }
        }
        return sum / pairs;
    }

    @Test
    void smoothingBringsRowsOfOneKindTogether() {
        try (WorkerPool pool = WorkerPool.of(2);
                FloatMatrix features = corners();
                FloatMatrix plain = TeacherTargets.of(features, smoothed(0), pool);
                FloatMatrix smooth = TeacherTargets.of(features, smoothed(8), pool)) {
            assertThat(smooth.columns()).isEqualTo(3);
            for (int i = 0; i < ROWS; i++) {
                double length = 0;
                for (int j = 0; j < 3; j++) {
                    length += smooth.get(i, j) * smooth.get(i, j);
                }
                assertThat(length).isBetween(0.9999, 1.0001);
            }
            assertThat(meanCosine(smooth)).isGreaterThan(meanCosine(plain) + 0.05);
        }
    }

    @Test
    void aMirrorImageOfAMirrorImageIsTheImage() {
        try (WorkerPool pool = WorkerPool.of(2);
                FloatMatrix images = FloatMatrix.copyOf(new float[] {1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1}, 2, 6);
                FloatMatrix mirrored = TeacherTargets.mirrored(images, 3, 2, pool);
                FloatMatrix again = TeacherTargets.mirrored(mirrored, 3, 2, pool)) {
            float[] row = new float[6];
            mirrored.getRow(0, row);
            assertThat(row).containsExactly(3, 2, 1, 6, 5, 4);
            again.getRow(1, row);
            assertThat(row).containsExactly(6, 5, 4, 3, 2, 1);
        }
    }

    @Test
    void theAverageIsTheMeanOfBoth() {
        try (WorkerPool pool = WorkerPool.of(2);
                FloatMatrix a = FloatMatrix.copyOf(new float[] {1, 2, 3, 4}, 2, 2);
                FloatMatrix b = FloatMatrix.copyOf(new float[] {3, 2, 1, -4}, 2, 2)) {
            TeacherTargets.average(a, b, pool);
            assertThat(new float[] {a.get(0, 0), a.get(0, 1), a.get(1, 0), a.get(1, 1)})
                    .containsExactly(2, 2, 2, 0);
        }
    }
}
