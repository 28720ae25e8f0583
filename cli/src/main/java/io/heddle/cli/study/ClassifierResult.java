package io.heddle.cli.study;

import io.heddle.metrics.ConfusionMatrix;

/**
 * A linear classifier, trained on the training images and scored on the test images.
 *
 * @param confusion counts on the test images
 * @param objective mean loss plus penalty on the training images
 * @param nonZeros number of non-zero weights, of {@code weights.length}
 * @param certificateKind kind of the certificate, for example a duality gap
 * @param certificate its value relative to the objective
 * @param iterations number of iterations of the solver
 * @param passes number of passes over all training images
 * @param seconds time of the training in seconds
 * @param weights classes · pixels values, one image after another
 * @param predicted class of each test image
 * @param cellImages for each true and each predicted class, positions of test images among the thumbnails: some of the
 *     correctly classified images, all of the others
 */
public record ClassifierResult(
        double lambda,
        double l1Ratio,
        ConfusionMatrix confusion,
        double objective,
        long nonZeros,
        String certificateKind,
        double certificate,
        int iterations,
        int passes,
        double seconds,
        float[] weights,
        int[] predicted,
        int[][][] cellImages) {}
