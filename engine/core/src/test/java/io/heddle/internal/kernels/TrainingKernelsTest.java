package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tests the kernels of training. A lane is a sample or a unit, so both forms return the same bits. */
class TrainingKernelsTest {
    private static final TrainingKernels FAST = new VectorTraining();
    private static final TrainingKernels PLAIN = new ScalarTraining();

    private static final int BYTES = Float.BYTES;

    @Property(tries = 60)
    void aRectifiedTileIsATileWithoutItsNegatives(
            @ForAll @IntRange(min = 1, max = 6) int rows,
            @ForAll @IntRange(min = 0, max = 40) int depth,
            @ForAll boolean accumulate,
            @ForAll long seed) {
        int columns = Simd.kernels().tileColumns();
        Buffer a = Buffer.of(KernelsTest.gaussian(Simd.kernels().leftStep() * depth, seed), 4);
        Buffer b = Buffer.of(KernelsTest.gaussian(depth * columns, seed + 1), 0);
        float[] before = KernelsTest.gaussian(rows * columns, seed + 2);
        Buffer fast = Buffer.of(before, 8);
        Buffer plain = Buffer.of(before, 0);
        Buffer tile = Buffer.of(before, 0);
        long row = (long) columns * BYTES;
        for (TrainingKernels kernels : new TrainingKernels[] {FAST, PLAIN}) {
            Buffer c = kernels == FAST ? fast : plain;
            kernels.rectifiedTile(
                    rows,
                    columns,
                    depth,
                    a.segment,
                    a.offset,
                    b.segment,
                    b.offset,
                    c.segment,
                    c.offset,
                    row,
                    accumulate);
        }
        Simd.kernels()
                .tile(
                        rows,
                        columns,
                        depth,
                        a.segment,
                        a.offset,
                        b.segment,
                        b.offset,
                        row,
                        tile.segment,
                        tile.offset,
                        row,
                        accumulate);
        assertThat(fast.values()).isEqualTo(plain.values());
        for (int i = 0; i < rows * columns; i++) {
            assertThat(fast.values()[i]).isEqualTo(Math.max(tile.values()[i], 0f));
        }
    }

    @Property(tries = 60)
    void aRectifiedTileOfRowsIsATileWithoutItsNegatives(
            @ForAll @IntRange(min = 1, max = Kernels.ROW_TILE_ROWS) int rows,
            @ForAll @IntRange(min = 1, max = 4) int vectors,
            @ForAll @IntRange(min = 0, max = 40) int depth,
            @ForAll boolean accumulate,
            @ForAll long seed) {
        int columns = vectors * Simd.kernels().lanes();
        Buffer a = Buffer.of(KernelsTest.gaussian(rows * depth, seed), 4);
        Buffer b = Buffer.of(KernelsTest.gaussian(depth * columns, seed + 1), 0);
        float[] before = KernelsTest.gaussian(rows * columns, seed + 2);
        Buffer[] rectified = {Buffer.of(before, 8), Buffer.of(before, 0)};
        Buffer tile = Buffer.of(before, 0);
        long row = (long) columns * BYTES;
        long aRow = (long) depth * BYTES;
        for (int form = 0; form < 2; form++) {
            Buffer c = rectified[form];
            (form == 0 ? FAST : PLAIN)
                    .rectifiedRowTile(
                            rows,
                            columns,
                            depth,
                            a.segment,
                            a.offset,
                            aRow,
                            b.segment,
                            b.offset,
                            c.segment,
                            c.offset,
                            row,
                            accumulate);
        }
        Simd.kernels()
                .rowTile(
                        rows,
                        columns,
                        depth,
                        a.segment,
                        a.offset,
                        aRow,
                        b.segment,
                        b.offset,
                        tile.segment,
                        tile.offset,
                        row,
                        accumulate);
        assertThat(rectified[0].values()).isEqualTo(rectified[1].values());
        for (int i = 0; i < rows * columns; i++) {
            assertThat(rectified[0].values()[i]).isEqualTo(Math.max(tile.values()[i], 0f));
        }
    }

    @Property(tries = 60)
    void columnsOfProbabilitiesEqualTheirTwinsAndSumUpToOne(
            @ForAll @IntRange(min = 1, max = 23) int classes,
            @ForAll @IntRange(min = 1, max = 4) int vectors,
            @ForAll @IntRange(min = 0, max = 15) int floats,
            @ForAll long seed) {
        int n = 16 * vectors;
        float[] logits = KernelsTest.gaussian(classes * n, seed);
        for (int i = 0; i < logits.length; i++) {
            logits[i] *= 20;
        }
        Buffer fast = Buffer.of(logits, 4 * floats);
        Buffer plain = Buffer.of(logits, 0);
        FAST.softmaxColumns(fast.segment, fast.offset, (long) n * BYTES, classes, n);
        PLAIN.softmaxColumns(plain.segment, plain.offset, (long) n * BYTES, classes, n);
        assertThat(fast.values()).isEqualTo(plain.values());
        for (int i = 0; i < n; i++) {
            double sum = 0;
            double exact = 0;
            for (int k = 0; k < classes; k++) {
                sum += plain.values()[k * n + i];
                exact += Math.exp((double) logits[k * n + i] - logits[i]);
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
            assertThat((double) plain.values()[i]).isCloseTo(1 / exact, within(1e-5));
        }
    }

    @Property(tries = 60)
    void gradientsOfPairsEqualTheirTwinsAndTheirDefinition(
            @ForAll @IntRange(min = 2, max = 23) int classes,
            @ForAll @IntRange(min = 1, max = 3) int vectors,
            @ForAll @IntRange(min = 0, max = 15) int floats,
            @ForAll long seed) {
        int n = 16 * vectors;
        long row = 2L * n * BYTES;
        Buffer shares = Buffer.of(KernelsTest.gaussian(classes * 2 * n, seed), 4 * floats);
        PLAIN.softmaxColumns(shares.segment, shares.offset, row, classes, 2 * n);
        float[] p = shares.values();
        float[] common = KernelsTest.gaussian(classes, seed + 1);
        // Gradients have the layout and offset of the probabilities.
        Buffer fast = Buffer.ofLength(classes * 2 * n, 4 * floats);
        Buffer plain = Buffer.ofLength(classes * 2 * n, 4 * floats);
        float[] fastAgreements = new float[n];
        float[] plainAgreements = new float[n];
        pairs(FAST, shares, n, row, classes, common, fast, fastAgreements);
        pairs(PLAIN, shares, n, row, classes, common, plain, plainAgreements);
        assertThat(fast.values()).isEqualTo(plain.values());
        assertThat(fastAgreements).isEqualTo(plainAgreements);
        for (int i = 0; i < n; i++) {
            double agreement = 0;
            double mean = 0;
            for (int k = 0; k < classes; k++) {
                agreement += (double) p[k * 2 * n + i] * p[k * 2 * n + n + i];
            }
            double f = -0.25 / Math.max(agreement, 1e-3);
            for (int k = 0; k < classes; k++) {
                mean += p[k * 2 * n + i] * (f * p[k * 2 * n + n + i] + common[k]);
            }
            assertThat((double) plainAgreements[i]).isCloseTo(Math.max(agreement, 1e-3), within(1e-5));
            for (int k = 0; k < classes; k++) {
                double expected = p[k * 2 * n + i] * (f * p[k * 2 * n + n + i] + common[k] - mean);
                assertThat((double) plain.values()[k * 2 * n + i]).isCloseTo(expected, within(1e-3));
            }
        }
    }

    private static void pairs(
            TrainingKernels kernels,
            Buffer p,
            int n,
            long row,
            int classes,
            float[] common,
            Buffer g,
            float[] agreements) {
        kernels.pairGradients(
                p.segment, p.offset, (long) n * BYTES, row, classes, n, -0.25f, 1e-3f, common, g.segment, agreements);
    }

    @Property(tries = 60)
    void gradientsBehindTheOutputEqualTheirTwinsAndTheirDefinition(
            @ForAll @IntRange(min = 1, max = 23) int classes,
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 3) int vectors,
            @ForAll @IntRange(min = 1, max = 2) int panelVectors,
            @ForAll long seed) {
        int units = 16 * vectors;
        int panel = 16 * panelVectors;
        Buffer g = Buffer.of(KernelsTest.gaussian(classes * rows, seed), 4);
        Buffer w = Buffer.of(KernelsTest.gaussian(classes * units, seed + 1), 0);
        float[] hidden = KernelsTest.gaussian(rows * units, seed + 2);
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = Math.max(hidden[i], 0);
        }
        Buffer h = Buffer.of(hidden, 8);
        Buffer[] back = {Buffer.ofLength(rows * units, 4), Buffer.ofLength(rows * units, 4)};
        Buffer[] gradient = {Buffer.ofLength(classes * units, 0), Buffer.ofLength(classes * units, 0)};
        for (int form = 0; form < 2; form++) {
            // Twice: the gradient is accumulated, the backpropagated values are not.
            for (int time = 0; time < 2; time++) {
                (form == 0 ? FAST : PLAIN)
                        .outputGradients(
                                g.segment,
                                g.offset,
                                (long) rows * BYTES,
                                classes,
                                w.segment,
                                gradient[form].segment,
                                w.offset,
                                (long) units * BYTES,
                                h.segment,
                                h.offset,
                                (long) units * BYTES,
                                rows,
                                units,
                                back[form].segment.asSlice(back[form].offset),
                                panel);
            }
        }
        assertThat(back[0].values()).isEqualTo(back[1].values());
        assertThat(gradient[0].values()).isEqualTo(gradient[1].values());
        for (int j = 0; j < units; j++) {
            double change = 0;
            double magnitude = 0;
            for (int r = 0; r < rows; r++) {
                double sum = 0;
                double absolute = 0;
                for (int k = 0; k < classes; k++) {
                    double term = (double) g.values()[k * rows + r] * w.values()[k * units + j];
                    sum += term;
                    absolute += Math.abs(term);
                }
                double expected = hidden[r * units + j] > 0 ? sum : 0;
                int first = j / panel * panel;
                int at = first * rows + r * Math.min(panel, units - first) + j - first;
                assertThat((double) back[1].values()[at]).isCloseTo(expected, within(1e-5 * absolute));
                double term = 2.0 * g.values()[r] * hidden[r * units + j];
                change += term;
                magnitude += Math.abs(term);
            }
            assertThat((double) gradient[1].values()[j]).isCloseTo(change, within(1e-5 * magnitude));
        }
    }

    @Test
    void moreRowsThanOneCallTakesAreRefused() {
        int rows = TrainingKernels.MAXIMUM_ROWS + 1;
        Buffer b = Buffer.ofLength(16 * rows, 0);
        MemorySegment s = b.segment;
        for (TrainingKernels kernels : new TrainingKernels[] {FAST, PLAIN}) {
            assertThatThrownBy(() -> kernels.outputGradients(s, 0, 64, 1, s, s, 0, 64, s, 0, 64, rows, 16, s, 16))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("gradients of 257 rows, of at most 256");
        }
    }

    @Property(tries = 60)
    void agreementsAreInnerProductsOfRows(
            @ForAll @IntRange(min = 1, max = 3) int vectors,
            @ForAll @IntRange(min = 1, max = 20) int rows,
            @ForAll @IntRange(min = 0, max = 40) int count,
            @ForAll long seed) {
        int n = 16 * vectors;
        Buffer p = Buffer.of(KernelsTest.gaussian(rows * n, seed), 0);
        int[] others = new Random(seed).ints(count + 3, 0, rows).toArray();
        int own = rows / 2;
        float[] fast = new float[count];
        float[] plain = new float[count];
        MemorySegment segment = p.segment.asSlice(p.offset);
        FAST.agreements(segment, own, (long) n * BYTES, n, others, 3, count, fast);
        PLAIN.agreements(segment, own, (long) n * BYTES, n, others, 3, count, plain);
        float[] values = p.values();
        for (int e = 0; e < count; e++) {
            double expected = 0;
            double magnitude = 0;
            for (int j = 0; j < n; j++) {
                double term = (double) values[own * n + j] * values[others[3 + e] * n + j];
                expected += term;
                magnitude += Math.abs(term);
            }
            assertThat((double) fast[e]).isCloseTo(expected, within(1e-5 * magnitude));
            assertThat((double) plain[e]).isCloseTo(expected, within(1e-5 * magnitude));
        }
    }

    @Property(tries = 100)
    void adamEqualsItsTwin(
            @ForAll @IntRange(min = 0, max = 150) int n,
            @ForAll @IntRange(min = 0, max = 15) int floats,
            @ForAll long seed) {
        Buffer[] fast = new Buffer[4];
        Buffer[] plain = new Buffer[4];
        for (int v = 0; v < 4; v++) {
            float[] values = KernelsTest.gaussian(n, seed + v);
            for (int i = 0; v == 3 && i < n; i++) {
                values[i] = Math.abs(values[i]);
            }
            fast[v] = Buffer.of(values, 4 * floats);
            plain[v] = Buffer.of(values, 4 * floats);
        }
        step(FAST, fast, n, 0.01f);
        step(PLAIN, plain, n, 0.01f);
        for (int v = 0; v < 4; v++) {
            assertThat(fast[v].values()).isEqualTo(plain[v].values());
        }
    }

    private static void step(TrainingKernels kernels, Buffer[] b, int n, float decay) {
        kernels.adam(
                b[0].segment,
                b[1].segment,
                b[2].segment,
                b[3].segment,
                b[0].offset,
                n,
                0.003f,
                1e-8f,
                0.9f,
                0.999f,
                decay);
    }

    /** One step from a weight of 1 with a gradient of 0.5, computed in double. */
    @Test
    void adamAgreesWithItsDefinition() {
        Buffer[] b = {
            Buffer.of(new float[] {1}, 0),
            Buffer.of(new float[] {0.5f}, 0),
            Buffer.ofLength(1, 0),
            Buffer.ofLength(1, 0)
        };
        step(PLAIN, b, 1, 0);
        double m = 0.1 * 0.5;
        double v = 0.001 * 0.25;
        double w = 1 - 0.003 * m / (Math.sqrt(v) + 1e-8);
        assertThat((double) b[2].values()[0]).isCloseTo(m, within(1e-7));
        assertThat((double) b[3].values()[0]).isCloseTo(v, within(1e-8));
        assertThat((double) b[0].values()[0]).isCloseTo(w, within(1e-6));
    }
}
