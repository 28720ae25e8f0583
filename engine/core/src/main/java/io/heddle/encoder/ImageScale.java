package io.heddle.encoder;

import java.util.Arrays;

/**
 * The scaling of pixels before the first layer: x ↦ (x − shift) · factor, channel by channel. Padding remains zero.
 *
 * @param shifts one per channel
 * @param factors one per channel
 */
record ImageScale(float[] shifts, float[] factors) {
    static ImageScale identity(int channels) {
        float[] factors = new float[channels];
        Arrays.fill(factors, 1f);
        return new ImageScale(new float[channels], factors);
    }

    int channels() {
        return shifts.length;
    }

    float shift(int channel) {
        return shifts[channel];
    }

    float factor(int channel) {
        return factors[channel];
    }

    boolean isIdentity() {
        for (int c = 0; c < shifts.length; c++) {
            if (shifts[c] != 0 || factors[c] != 1) {
                return false;
            }
        }
        return true;
    }
}
