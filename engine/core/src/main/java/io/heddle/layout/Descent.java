package io.heddle.layout;

import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;

/**
 * Gradient steps on the cross-entropy between the weights of the graph and the similarities on the map. In each epoch a
 * row moves along those of its edges whose turn it is, an edge of weight w in a share w of the epochs, and for each
 * away from a few random rows.
 */
final class Descent {
    private static final int BLOCK = 256;
    /** Maximum length of one step along an axis, times the learning rate. */
    private static final float LONGEST = 4;
    /** Keeps the repulsion of rows at the same place finite. */
    private static final float NEAR = 1e-3f;
    /** Both rows of an edge move: at one half of their distance they are at the same place. */
    private static final float HALF = 0.5f;

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long MULTIPLIER = 6364136223846793005L;
    private static final long INCREMENT = 1442695040888963407L;
    private static final double NOISE = 1e-4;

    private final FuzzyGraph graph;
    private final float a;
    private final NeighborLayout.Options options;
    private final int epochs;
    private final WorkerPool pool;

    Descent(FuzzyGraph graph, Curve curve, NeighborLayout.Options options, int epochs, WorkerPool pool) {
        this.graph = graph;
        this.a = curve.a();
        this.options = options;
        this.epochs = epochs;
        this.pool = pool;
    }

    /** Returns the positions after all epochs: x and y of each row. */
    float[] run(float[] initial) {
        float[] now = initial;
        float[] next = new float[initial.length];
        RowSlices slices = RowSlices.of(graph.rows(), BLOCK);
        for (int epoch = 0; epoch < epochs; epoch++) {
            int own = epoch;
            float[] from = now;
            float[] to = next;
            pool.run(slices.count(), (slice, worker) -> {
                for (int i = (int) slices.from(slice); i < slices.to(slice); i++) {
                    move(i, own, from, to);
                }
            });
            now = to;
            next = from;
            options.progress().accept(new NeighborLayout.Progress(epoch + 1, epochs));
        }
        return now;
    }

    private void move(int i, int epoch, float[] from, float[] to) {
        float rate = 1 - (float) epoch / epochs;
        int n = graph.rows();
        float x = from[2 * i];
        float y = from[2 * i + 1];
        long state = mix(options.seed() + mix(epoch * GOLDEN + i));
        for (int e = graph.offsets()[i]; e < graph.offsets()[i + 1]; e++) {
            float w = graph.weights()[e];
            // Edges of equal weight have their turns at different times.
            float phase = (e & 1023) * (1f / 1024);
            if ((int) ((epoch + 1) * w + phase) == (int) (epoch * w + phase)) {
                continue;
            }
            int j = graph.targets()[e];
            float dx = x - from[2 * j];
            float dy = y - from[2 * j + 1];
            // Twice: UMAP moves a row for the edge in each direction.
            float pull = Math.min(HALF, rate * 4 * a / (1 + a * (dx * dx + dy * dy)));
            float longest = 2 * rate * LONGEST;
            x -= clamp(pull * dx, longest);
            y -= clamp(pull * dy, longest);
            // All from one place: the processor computes them side by side.
            float pushedX = 0;
            float pushedY = 0;
            for (int s = 0; s < options.negatives(); s++) {
                state = state * MULTIPLIER + INCREMENT;
                int other = (int) ((state >>> 32) * n >>> 32);
                float ox = x - from[2 * other];
                float oy = y - from[2 * other + 1];
                float d = ox * ox + oy * oy;
                float push = rate * 2 / ((NEAR + d) * (1 + a * d));
                pushedX += clamp(push * ox, rate * LONGEST);
                pushedY += clamp(push * oy, rate * LONGEST);
            }
            x += pushedX;
            y += pushedY;
        }
        to[2 * i] = x;
        to[2 * i + 1] = y;
    }

    private static float clamp(float step, float longest) {
        // Without the cases of NaN and -0 of Math.min and max.
        return step > longest ? longest : step < -longest ? -longest : step;
    }

    /** A small number that depends on the seed and the place only. */
    static double noise(long seed, long place) {
        return NOISE * ((mix(seed ^ mix(place + GOLDEN)) >> 11) * 0x1p-52);
    }

    /** Stafford's variant 13 of the finalizer of MurmurHash3. */
    private static long mix(long z) {
        long x = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }
}
