package io.heddle.cli.report;

import io.heddle.cli.catalogue.PointMap;
import io.heddle.cli.study.ClassifierResult;
import io.heddle.cli.study.ClusteringResult;
import io.heddle.cli.study.DataSummary;
import io.heddle.cli.study.StageTime;
import io.heddle.cli.study.StudyResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A study in the form that the page's template uses. */
public final class StudyView {
    private static final int SPRITE_COLUMNS = 64;

    private final StudyResult study;
    private final String version;
    private final String command;
    private final Picture sprite;
    private final Picture means;

    StudyView(StudyResult study, String version, String command) {
        this.study = study;
        this.version = version;
        this.command = command;
        this.sprite = Picture.sprite(study.thumbnails(), SPRITE_COLUMNS);
        this.means = Picture.sprite(study.data().meanImages(), study.data().classes());
    }

    public StudyResult study() {
        return study;
    }

    public DataSummary data() {
        return study.data();
    }

    public ClusteringResult clustering() {
        return study.clustering();
    }

    /** Returns the clusterings; the scores of the first one are at the top of the page. */
    public List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        study.neighborClustering()
                .ifPresent(c -> ways.add(new Way(
                        "neighbors",
                        "Neighbour clustering",
                        "heads that agree on each image and its nearest neighbours",
                        c)));
        ways.add(new Way("kmeans", "K-means", "as in the original study", clustering()));
        return ways;
    }

    /** Returns the coordinates of all images. */
    PointMap plane() {
        ClusteringResult.Scatter scatter = clustering().scatter();
        int[] images = IntStream.range(0, scatter.x().length).toArray();
        return new PointMap(images, images, List.of(new PointMap.Layout("components", scatter.x(), scatter.y())));
    }

    /** Returns the map of all images. */
    public MapView map() {
        int images = clustering().scatter().x().length;
        return new MapView(
                images,
                images,
                images,
                List.of(new MapView.Choice("components", "by two principal components")),
                List.of(MapView.BY_LABEL, new MapView.Choice("cluster", "by cluster")),
                "image number or label",
                ways().getFirst().name());
    }

    public String command() {
        return command;
    }

    public List<StudyFigures> headline() {
        return StudyFigures.of(study);
    }

    /** Returns the number of clustered images. */
    public long images() {
        return (long) data().train() + data().test();
    }

    public String className(int label) {
        return label < 0 ? "none" : data().classNames().get(label);
    }

    public int spriteColumns() {
        return SPRITE_COLUMNS;
    }

    /** Returns the two classifiers in the order of the page. */
    public List<ClassifierView> classifiers() {
        return List.of(
                new ClassifierView("logistic", "Logistic regression", "L2 penalty", study.logistic(), data()),
                new ClassifierView("elastic-net", "Elastic net", "half L1, half L2", study.elasticNet(), data()));
    }

    public List<StageTime> stages() {
        return study.stages();
    }

    /** Returns the frame of the page. */
    public Frame frame() {
        double ratio = (double) data().height() / data().width();
        return new Frame(
                data().name() + " study",
                version,
                data().classes(),
                List.of(
                        new Frame.Section("figures", "Figures"),
                        new Frame.Section("data", "Data"),
                        new Frame.Section("classifiers", "Classifiers"),
                        new Frame.Section("components", "Components"),
                        new Frame.Section("clusters", "Clusters"),
                        new Frame.Section("run", "Run")),
                List.of(
                        new Sheet(".t", sprite, SPRITE_COLUMNS, ratio, true),
                        new Sheet(".mean", means, data().classes(), ratio, true)),
                ChartData.of(this),
                "Images: Fashion-MNIST by Zalando Research, MIT License.");
    }

    /** Returns the labels from 0 on, for loops in the template. */
    public List<Integer> labels() {
        return IntStream.range(0, data().classes()).boxed().toList();
    }

    /** Returns the sum of the first explained variances. */
    public static double sum(double[] shares) {
        double sum = 0;
        for (double s : shares) {
            sum += s;
        }
        return sum;
    }

    /** A classifier on the page. */
    public record ClassifierView(String id, String title, String penalty, ClassifierResult result, DataSummary data) {
        /** Returns the weights of one class as a picture; all classes have the same scale. */
        public Picture weights(int label) {
            float[] w = result.weights();
            float[] sizes = new float[w.length];
            for (int i = 0; i < w.length; i++) {
                sizes[i] = Math.abs(w[i]);
            }
            java.util.Arrays.sort(sizes);
            // The scale is not the largest weight, because then most weights would be invisible.
            float scale = Math.max(sizes[(int) (0.995 * (sizes.length - 1))], Float.MIN_NORMAL);
            int pixels = data.width() * data.height();
            return Picture.diverging(w, label * pixels, data.width(), data.height(), scale);
        }

        /** Returns the name of the certificate. */
        public String certificate() {
            return "relative "
                    + result.certificateKind().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** Returns the share of the images of a class with a predicted class. */
        public double share(int truth, int predicted) {
            long support = result.confusion().support(truth);
            return support == 0 ? 0 : (double) result.confusion().count(truth, predicted) / support;
        }
    }

    /**
     * A clustering of the images.
     *
     * @param id id in the page
     * @param name title
     * @param short description
     */
    public record Way(String id, String name, String what, ClusteringResult result) {
        /** Returns the clusters, sorted by majority class and then by size; empty ones are last. */
        public List<ClusterView> clusters() {
            List<ClusterView> clusters = new ArrayList<>();
            for (int k = 0; k < result.sizes().length; k++) {
                clusters.add(new ClusterView(
                        k,
                        result.chosen().scores().majorityLabel(k),
                        result.sizes()[k],
                        result.composition()[k],
                        result.members()[k]));
            }
            clusters.sort(Comparator.comparing((ClusterView c) -> c.size() == 0)
                    .thenComparingInt(ClusterView::majority)
                    .thenComparing(Comparator.comparingInt(ClusterView::size).reversed()));
            return clusters;
        }
    }

    /**
     * A cluster on the page.
     *
     * @param majority the majority class, −1 if it is empty
     */
    public record ClusterView(int number, int majority, int size, int[] composition, int[] members) {
        /** Returns the number of images of the majority class. */
        public int pure() {
            return majority < 0 ? 0 : composition[majority];
        }

        /** Returns the share of images of the majority class. */
        public double purity() {
            return size == 0 ? 0 : (double) pure() / size;
        }

        /** Returns the classes in the cluster, the most frequent first. */
        public List<Integer> byFrequency() {
            return IntStream.range(0, composition.length)
                    .filter(c -> composition[c] > 0)
                    .boxed()
                    .sorted(Comparator.comparingInt((Integer c) -> -composition[c]))
                    .toList();
        }
    }
}
