package io.heddle.cli.study;

import java.util.List;
import java.util.Optional;

/**
 * The results of a study, without off-heap memory.
 *
 * @param clustering by k-means
 * @param neighborClustering neighbour clustering, if requested
 * @param featureClassifier a classifier on the encoder's features, if requested
 * @param thumbnails small pictures, which the other parts reference by position
 * @param images the image of each thumbnail: the training images come first, then the test images
 * @param labels the label of each thumbnail
 * @param stages duration of each stage, in order
 * @param seconds from the start to the end of the last stage
 */
public record StudyResult(
        StudyOptions options,
        DataSummary data,
        ClassifierResult logistic,
        ClassifierResult elasticNet,
        ClusteringResult clustering,
        Optional<ClusteringResult> neighborClustering,
        Optional<FeatureClassifierResult> featureClassifier,
        Thumbnails thumbnails,
        int[] images,
        int[] labels,
        List<StageTime> stages,
        double seconds,
        Environment environment) {
    /** Returns the main clustering: neighbour clustering if it was run, otherwise k-means. */
    public ClusteringResult best() {
        return neighborClustering.orElse(clustering);
    }
}
