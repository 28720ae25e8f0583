package io.heddle.cli.study;

import java.util.List;

/**
 * All that a study found, free of off-heap memory.
 *
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
        Thumbnails thumbnails,
        List<StageTime> stages,
        double seconds,
        Environment environment) {}
