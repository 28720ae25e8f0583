package io.heddle.bench.prediction;

import io.heddle.matrix.FloatMatrix;

/** The rows of a matrix as matrices of one row, made beforehand and given out in turn. */
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
