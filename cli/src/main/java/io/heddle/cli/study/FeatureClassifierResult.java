package io.heddle.cli.study;

import io.heddle.metrics.ConfusionMatrix;

/**
 * A linear classifier on the features of a frozen encoder, trained on the training images and scored on the test
 * images.
 *
 * @param encoder name of the encoder
 * @param dimensions number of features
 * @param lambda weight of the L2 penalty, for features scaled to unit variance
 * @param confusion counts on the test images
 * @param certificateKind kind of the certificate, for example a duality gap
 * @param certificate its value relative to the objective
 * @param seconds time of the training in seconds
 */
public record FeatureClassifierResult(
        String encoder,
        int dimensions,
        double lambda,
        ConfusionMatrix confusion,
        String certificateKind,
        double certificate,
        double seconds) {}
