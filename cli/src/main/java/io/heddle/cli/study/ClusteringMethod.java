package io.heddle.cli.study;

/** How the study clusters the images. */
public enum ClusteringMethod {
    /** Plain k-means alone, as in the study that this project starts from. */
    KMEANS,
    /** K-means, and beside it clusters on which nearest neighbours agree. */
    NEIGHBORS
}
