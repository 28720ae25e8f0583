package io.heddle.cli.study;

/** The clustering methods of the study. */
public enum ClusteringMethod {
    /** Only k-means, as in the original study. */
    KMEANS,
    /** K-means and neighbour clustering. */
    NEIGHBORS
}
