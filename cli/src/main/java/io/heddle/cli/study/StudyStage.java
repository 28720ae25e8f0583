package io.heddle.cli.study;

/** The stages of the study, in order. */
public enum StudyStage {
    LOAD("load", "Load the images"),
    ENCODER("encoder", "Open the encoder"),
    EXPLORE("explore", "Explore the data"),
    LOGISTIC("logistic", "Logistic regression"),
    ELASTIC_NET("elasticNet", "Elastic net"),
    FEATURES("features", "Image features"),
    FEATURE_CLASSIFIER("featureClassifier", "Feature classifier"),
    PCA("pca", "Principal components"),
    NORMALISE("normalise", "Row normalisation"),
    KMEANS("kmeans", "K-means"),
    NEIGHBORS("neighbors", "Nearest neighbours"),
    HEADS("neighborClustering", "Neighbour clustering"),
    METRICS("metrics", "Metrics"),
    REPORT("report", "Report");

    private final String key;
    private final String title;

    StudyStage(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** Returns the name of the stage in metrics.json. */
    public String key() {
        return key;
    }

    /** Returns the title of the stage. */
    public String title() {
        return title;
    }
}
