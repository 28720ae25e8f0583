package io.heddle.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.heddle.internal.columns.ColumnMoments;
import io.heddle.matrix.ByteMatrix;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.OpenMemory;
import io.heddle.parallel.WorkerPool;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Assignments that skip distances, against all distances in double while the centres move. */
class CenterAssignmentTest {
    private static final WorkerPool POOL = WorkerPool.shared();
    /** Enough for the 30 directions of a sketch. */
    private static final int COLUMNS = 64;

    /** How distances are skipped. */
    enum Kind {
        /** Bounds of groups. */
        BOUNDED,
        /** Bounds of groups, then sketches. */
        BOUNDED_WITH_SKETCHES,
        /** Products of sketches. */
        SKETCHED
    }

    private Sketch sketch;
    private Sketch.Sketches sketches;
    private FloatMatrix mean;

    private CenterAssignment assignment(Kind kind, FloatMatrix x, FloatMatrix centers, int[] labels) {
        if (kind != Kind.BOUNDED) {
            mean = ColumnMoments.of(x, "x", POOL).meanRow();
            sketch = sketchOf(x, mean);
            sketches = sketch.projectAll(x, POOL);
        }
        return kind == Kind.SKETCHED
                ? new SketchedAssignment(x, centers, labels, sketch, sketches, POOL)
                : new BoundedAssignment(x, centers, CenterGroups.sort(centers), labels, sketch, sketches, POOL);
    }

    /** The directions come from at least as many rows as a sample has. */
    static Sketch sketchOf(FloatMatrix x, FloatMatrix mean) {
        int[] repeated = new int[2048];
        Arrays.setAll(repeated, i -> i % (int) x.rows());
        try (FloatMatrix many = x.gather(repeated)) {
            return Sketch.learn(many, mean, 20, new SplittableRandom(1), POOL);
        }
    }

    @AfterEach
    void free() {
        if (sketch != null) {
            sketches.close();
            sketch.close();
            mean.close();
        }
    }

    private static double distance(FloatMatrix x, long row, FloatMatrix centers, long center) {
        double squares = 0;
        for (int j = 0; j < x.columns(); j++) {
            squares += Math.pow((double) x.get(row, j) - centers.get(center, j), 2);
        }
        return squares;
    }

    /** Checks that each row has a nearest centre, up to the rounding of float, and that the changes are reported. */
    private static void assertAssigned(
            FloatMatrix x, FloatMatrix centers, int[] before, int[] labels, ChangedRows changed) {
        int next = 0;
        for (int i = 0; i < labels.length; i++) {
            double own = distance(x, i, centers, labels[i]);
            for (int c = 0; c < centers.rows(); c++) {
                assertThat(own).isLessThanOrEqualTo(distance(x, i, centers, c) * (1 + 1e-5));
            }
            if (labels[i] != before[i]) {
                assertThat(changed.rows()[next]).isEqualTo(i);
                assertThat(changed.previous()[next++]).isEqualTo(before[i]);
            }
        }
        assertThat(changed.count()).isEqualTo(next);
    }

    /** One centre, groups of one centre, and groups of several; more rows than in a block. */
    @ParameterizedTest
    @CsvSource({
        "BOUNDED, 1", "BOUNDED, 12", "BOUNDED, 70",
        "BOUNDED_WITH_SKETCHES, 1", "BOUNDED_WITH_SKETCHES, 12", "BOUNDED_WITH_SKETCHES, 70",
        "SKETCHED, 1", "SKETCHED, 12", "SKETCHED, 70"
    })
    void rowsHaveTheNearestCenterWhileCentersMove(Kind kind, int clusters) {
        SplittableRandom random = new SplittableRandom(clusters);
        try (FloatMatrix x = KMeansTest.cloud(300, COLUMNS, 1, 4);
                FloatMatrix centers = x.rows(0, clusters).copy()) {
            int[] labels = new int[300];
            Arrays.fill(labels, -1);
            try (CenterAssignment assignment = assignment(kind, x, centers, labels)) {
                for (int pass = 0; pass < 12; pass++) {
                    int[] before = labels.clone();
                    ChangedRows changed = assignment.assign();
                    assertAssigned(x, centers, before, labels, changed);
                    assignment.centersMoved(move(centers, pass, random));
                    int row = random.nextInt(300);
                    labels[row] = random.nextInt(clusters);
                    assignment.forget(row);
                }
            }
        }
    }

    /** All centres in the first passes, then fewer, and none in the last ones; returns the squared shifts. */
    private static double[] move(FloatMatrix centers, int pass, SplittableRandom random) {
        double[] shifts = new double[(int) centers.rows()];
        for (int c = 0; c < shifts.length; c++) {
            if (random.nextInt(9) >= pass) {
                for (int j = 0; j < centers.columns(); j++) {
                    float from = centers.get(c, j);
                    float to = (float) (from + 0.3 / (1 + pass) * random.nextGaussian());
                    centers.set(c, j, to);
                    shifts[c] += Math.pow((double) to - from, 2);
                }
            }
        }
        return shifts;
    }

    /** Lines of centres: a row leaves one centre for the next, and the bounds grow and shrink again. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void centersThatComeAndGoAreFound(Kind kind) {
        int clusters = 40;
        try (FloatMatrix x = FloatMatrix.allocate(200, COLUMNS);
                FloatMatrix centers = FloatMatrix.allocate(clusters, COLUMNS)) {
            SplittableRandom random = new SplittableRandom(8);
            for (int i = 0; i < 200; i++) {
                x.set(i, 0, i / 5f);
                for (int j = 1; j < COLUMNS; j++) {
                    x.set(i, j, (float) (0.01 * random.nextGaussian()));
                }
            }
            for (int c = 0; c < clusters; c++) {
                centers.set(c, 0, c + 0.3f);
            }
            int[] labels = new int[200];
            Arrays.fill(labels, -1);
            try (CenterAssignment assignment = assignment(kind, x, centers, labels)) {
                for (int pass = 0; pass < 16; pass++) {
                    int[] before = labels.clone();
                    ChangedRows changed = assignment.assign();
                    assertAssigned(x, centers, before, labels, changed);
                    double[] shifts = new double[clusters];
                    for (int c = 0; c < clusters; c++) {
                        float from = centers.get(c, 0);
                        // One centre runs past the others; neighbours swing in opposite directions.
                        float to = c == 0 ? from + 2.1f : from + (c % 2 == pass % 2 ? 0.4f : -0.4f);
                        centers.set(c, 0, to);
                        shifts[c] = ((double) to - from) * ((double) to - from);
                    }
                    assignment.centersMoved(shifts);
                }
            }
        }
    }

    /** A few centres jump to other rows, so that rows whose centre stays leave it for one that has moved. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void centersThatJumpAreFound(Kind kind) {
        SplittableRandom random = new SplittableRandom(6);
        try (FloatMatrix x = KMeansTest.blobs(200, COLUMNS, 50, 0, 4);
                FloatMatrix centers = x.rows(0, 25).copy()) {
            int[] labels = new int[200];
            Arrays.fill(labels, -1);
            try (CenterAssignment assignment = assignment(kind, x, centers, labels)) {
                for (int pass = 0; pass < 12; pass++) {
                    int[] before = labels.clone();
                    ChangedRows changed = assignment.assign();
                    assertAssigned(x, centers, before, labels, changed);
                    assertThat(changed.count()).isPositive();
                    double[] shifts = new double[25];
                    for (int c = pass % 5; c < 25; c += 8) {
                        int row = random.nextInt(200);
                        shifts[c] = distance(x, row, centers, c);
                        x.copyRow(row, centers, c);
                    }
                    assignment.centersMoved(shifts);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void bytesGetTheLabelsOfFloats(Kind kind) {
        byte[] bytes = new byte[200 * COLUMNS];
        new SplittableRandom(2).nextBytes(bytes);
        int[] all = new int[200];
        Arrays.setAll(all, i -> i);
        try (ByteMatrix x = ByteMatrix.wrap(MemorySegment.ofArray(bytes), 200, COLUMNS, 1 / 255f);
                FloatMatrix floats = x.gather(all);
                FloatMatrix centers = floats.rows(0, 20).copy();
                FloatMatrix start = centers.copy()) {
            int[] expected = new int[200];
            Arrays.fill(expected, -1);
            int[] labels = expected.clone();
            try (CenterAssignment ofFloats = assignment(kind, floats, centers, expected)) {
                ofFloats.assign();
            }
            try (CenterAssignment ofBytes = kind == Kind.SKETCHED
                    ? new SketchedAssignment(x, start, labels, sketch, sketches, POOL)
                    : new BoundedAssignment(x, start, CenterGroups.sort(start), labels, sketch, sketches, POOL)) {
                ofBytes.assign();
                assertThat(labels).isEqualTo(expected);
                ofBytes.close();
                assertThat(openOf(ofBytes, x, start)).isEmpty();
            }
        }
    }

    private java.util.List<String> openOf(Object assignment, Object x, Object centers) {
        return sketch == null
                ? OpenMemory.of(assignment, POOL, x, centers)
                : OpenMemory.of(assignment, POOL, x, centers, sketch, sketches);
    }

    /** A row that is far nearer to its centre than to the others is not read: its new values have no effect. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void rowsOfUnmovedCentersAreNotRead(Kind kind) {
        try (FloatMatrix x = KMeansTest.blobs(200, COLUMNS, 20, 0, 3);
                FloatMatrix original = x.copy();
                FloatMatrix centers = x.rows(0, 20).copy()) {
            int[] labels = new int[200];
            Arrays.fill(labels, -1);
            try (CenterAssignment assignment = assignment(kind, x, centers, labels)) {
                assertThat(assignment.assign().count()).isEqualTo(200);
                int[] before = labels.clone();
                for (int i = 0; i < 200; i++) {
                    centers.copyRow((labels[i] + 1) % 20, x, i);
                }
                assignment.centersMoved(new double[20]);
                assertThat(assignment.assign().count()).isZero();
                assertThat(labels).isEqualTo(before);
                original.copyRow(7, x, 7);
                assignment.forget(7);
                labels[7] = (before[7] + 2) % 20;
                ChangedRows changed = assignment.assign();
                assertThat(changed.count()).isEqualTo(1);
                assertThat(changed.rows()[0]).isEqualTo(7);
                assertThat(changed.previous()[0]).isEqualTo((before[7] + 2) % 20);
                assertThat(labels[7]).isEqualTo(before[7]);
            }
        }
    }

    /** Small shifts are absorbed by the bounds, without reading a row; a large one is not. */
    @Test
    void rowsAreReadOnlyIfTheirBoundsOverlap() {
        try (FloatMatrix x = KMeansTest.blobs(200, COLUMNS, 20, 0, 3);
                FloatMatrix centers = x.rows(0, 20).copy()) {
            int[] labels = new int[200];
            Arrays.fill(labels, -1);
            try (CenterAssignment assignment = assignment(Kind.BOUNDED, x, centers, labels)) {
                assignment.assign();
                int[] before = labels.clone();
                for (int i = 0; i < 200; i++) {
                    centers.copyRow((labels[i] + 1) % 20, x, i);
                }
                double[] shifts = new double[20];
                Arrays.fill(shifts, 1);
                assignment.centersMoved(shifts);
                assertThat(assignment.assign().count()).isZero();
                assertThat(labels).isEqualTo(before);
                Arrays.fill(shifts, 1e6);
                assignment.centersMoved(shifts);
                assertThat(assignment.assign().count()).isEqualTo(200);
            }
        }
    }
}
