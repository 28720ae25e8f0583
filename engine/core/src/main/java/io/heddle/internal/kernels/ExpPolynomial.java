package io.heddle.internal.kernels;

/**
 * The constants of the engine's exponential. Both forms use them, so that their results have the same bits: x = n ln 2
 * + r with |r| ≤ ½ ln 2 (Cody and Waite, two-part ln 2), and the minimax polynomial of the Cephes library for e^r.
 */
final class ExpPolynomial {
    /** Below this the result is 0: the smallest normal float is e^−87.34. */
    static final float LOWEST = -87.33f;
    /** Above this the result is +∞: the exponent field is full. */
    static final float HIGHEST = 88.37f;

    static final float LOG2_E = 1.44269504f;
    static final float MINUS_LN2_HIGH = -0.693359375f;
    static final float MINUS_LN2_LOW = 2.12194440e-4f;
    /** 1.5 · 2²³: adding it rounds a float to the nearest integer and puts this into the low bits. */
    static final float ROUNDER = 12582912f;

    static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    static final float C7 = 1.9875691500e-4f;
    static final float C6 = 1.3981999507e-3f;
    static final float C5 = 8.3334519073e-3f;
    static final float C4 = 4.1665795894e-2f;
    static final float C3 = 1.6666665459e-1f;
    static final float C2 = 5.0000001201e-1f;

    private ExpPolynomial() {}

    static float exp(float x) {
        if (x < LOWEST) {
            return 0;
        }
        if (x > HIGHEST) {
            return Float.POSITIVE_INFINITY;
        }
        float t = FusedMultiplyAdd.of(x, LOG2_E, ROUNDER);
        float n = t - ROUNDER;
        float r = FusedMultiplyAdd.of(n, MINUS_LN2_LOW, FusedMultiplyAdd.of(n, MINUS_LN2_HIGH, x));
        float p = FusedMultiplyAdd.of(C7, r, C6);
        p = FusedMultiplyAdd.of(p, r, C5);
        p = FusedMultiplyAdd.of(p, r, C4);
        p = FusedMultiplyAdd.of(p, r, C3);
        p = FusedMultiplyAdd.of(p, r, C2);
        p = FusedMultiplyAdd.of(p, r * r, r) + 1f;
        int power = (Float.floatToRawIntBits(t) - ROUNDER_BITS) << 23;
        return x != x ? x : Float.intBitsToFloat(Float.floatToRawIntBits(p) + power);
    }
}
