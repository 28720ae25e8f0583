package io.heddle.bench.prediction;

import io.heddle.matrix.FloatMatrix;

/** Returns the rows of a matrix in turn, as matrices of one row that were created before. */
final class RowViews {
    private final FloatMatrix[] views;
    private int next;

    RowViews(FloatMatrix x) {
        views = new FloatMatrix[Math.toIntExact(x.rows())];
        for (int i = 0; i < views.length; i++) {
            views[i] = x.rows(i, i + 1L);
        }
    }

    FloatMatrix next() {
        next = next + 1 == views.length ? 0 : next + 1;
        return views[next];
    }
}
