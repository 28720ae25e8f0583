package io.heddle.cli.study;

import java.util.List;
import java.util.Optional;

/**
 * All that a study found, free of off-heap memory.
 *
 * @param clustering by k-means
 * @param neighborClustering by what neighbours agree on, if asked for
 * @param featureClassifier a classifier on the encoder's features, if asked for
 * @param thumbnails the small pictures that the other parts refer to by position
 * @param stages what each stage took, in order
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
        List<StageTime> stages,
        double seconds,
        Environment environment) {
    /** The clustering that the study is judged by: the neighbours' where there is one, else k-means'. */
    public ClusteringResult best() {
        return neighborClustering.orElse(clustering);
    }
}
