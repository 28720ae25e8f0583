package io.heddle.cli.study;

import io.heddle.metrics.ConfusionMatrix;

/**
 * A linear classifier on the features of a frozen encoder, trained on the training images and judged on the test
 * images.
 *
 * @param encoder name of the network that made the features
 * @param dimensions features of an image
 * @param lambda of the L2 penalty, which counts weights of features scaled to unit variance
 * @param confusion counts on the test images
 * @param certificateKind what vouches for the optimum, for example a duality gap
 * @param certificate its value relative to the objective
 * @param seconds of training
 */
public record FeatureClassifierResult(
        String encoder,
        int dimensions,
        double lambda,
        ConfusionMatrix confusion,
        String certificateKind,
        double certificate,
        double seconds) {}
