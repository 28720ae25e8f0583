package io.heddle.cnn;

/**
 * AdamW: steps are scaled by running moments of the gradient, and weight decay is separate from them.
 *
 * <p>I. Loshchilov and F. Hutter, <i>Decoupled Weight Decay Regularization</i>, arXiv:1711.05101.
 */
final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final ParameterBlock parameters;
    private final double weightDecay;
    private final float[] mean;
    private final float[] variance;
    private long steps;

    AdamW(ParameterBlock parameters, double weightDecay) {
        this.parameters = parameters;
        this.weightDecay = weightDecay;
        mean = new float[parameters.floats()];
        variance = new float[parameters.floats()];
    }

    /** @param gradient one number per parameter */
    void step(float[] gradient, double learningRate) {
        steps++;
        float rate = (float) (learningRate / (1 - Math.pow(BETA1, steps)));
        float correction = (float) (1 / Math.sqrt(1 - Math.pow(BETA2, steps)));
        for (ParameterBlock.Slot slot : parameters.slots()) {
            float keep = slot.decays() ? (float) (1 - learningRate * weightDecay) : 1;
            for (int i = slot.first(); i < slot.first() + slot.length(); i++) {
                float g = gradient[i];
                mean[i] += (float) (1 - BETA1) * (g - mean[i]);
                variance[i] += (float) (1 - BETA2) * (g * g - variance[i]);
                float scale = (float) Math.sqrt(variance[i]) * correction + (float) EPSILON;
                parameters.set(i, parameters.get(i) * keep - rate * mean[i] / scale);
            }
        }
    }

    /** The first moments, in the order of the parameters; not a copy. */
    float[] mean() {
        return mean;
    }

    /** The second moments, in the order of the parameters; not a copy. */
    float[] variance() {
        return variance;
    }

    long steps() {
        return steps;
    }

    /** Copies the state of another optimizer. */
    void resume(float[] mean, float[] variance, long steps) {
        System.arraycopy(mean, 0, this.mean, 0, this.mean.length);
        System.arraycopy(variance, 0, this.variance, 0, this.variance.length);
        this.steps = steps;
    }
}
