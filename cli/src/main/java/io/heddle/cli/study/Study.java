package io.heddle.cli.study;

import io.heddle.Heddle;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Pooling;
import io.heddle.data.fashion.FashionMnist;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.linear.LogisticRegression;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.RowSlices;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The Fashion-MNIST study: linear classifiers on the pixels, and clusters of an encoder's features. Pixels are in [0,
 * 1] and not standardized, so that the work can be repeated with other libraries.
 */
public final class Study {
    /** Lambda of both penalties. */
    public static final double LAMBDA = 1e-4;

    /** Share of the L1 norm in the elastic net's penalty. */
    public static final double L1_RATIO = 0.5;

    /**
     * Lambda of the L2 penalty on the encoder's features: the best of 1e-4, 1e-3 and 3e-3 on 10,000 held-out training
     * images.
     */
    public static final double FEATURE_LAMBDA = 1e-3;

    /** Number of principal components of the features and of the pixels. */
    public static final int COMPONENTS = 50;

    private static final double TOLERANCE =
            LogisticRegression.Options.defaults().tolerance();

    private static final int PERCENT = 100;

    /** Number of rows per task, a few megabytes. */
    static final int SLICE = 1024;

    /** Number of training images per test image of a sample. */
    private static final int TRAIN_PER_TEST = 6;

    private final StudyOptions options;
    private final Clock clock;
    private final Album album = new Album();

    private Study(StudyOptions options, StudyListener listener) {
        this.options = options;
        this.clock = new Clock(listener);
    }

    /**
     * Runs all stages except the report.
     *
     * @param listener notified of each stage, on the calling thread
     * @throws InvalidInputException if an option is not valid for the data
     * @throws IOException if the data or the encoder cannot be read; {@link io.heddle.files.DataFormatException} if
     *     they are damaged
     */
    public static StudyResult run(StudyOptions options, StudyListener listener) throws IOException {
        try (WorkerPool pool =
                options.threads().isPresent() ? WorkerPool.of(options.threads().getAsInt()) : WorkerPool.shared()) {
            return new Study(options, listener).run(pool);
        }
    }

    private static int[] labels(int[] images, ImageDataset data) {
        int train = data.trainLabels().length;
        return IntStream.of(images)
                .map(i -> i < train ? data.trainLabels()[i] : data.testLabels()[i - train])
                .toArray();
    }

    private StudyResult run(WorkerPool pool) throws IOException {
        clock.start(StudyStage.LOAD);
        try (ImageDataset data = load();
                FloatMatrix all = stacked(data.trainImages(), data.testImages(), pool)) {
            clock.stop(
                    all.rows(),
                    "images",
                    "%d x %d pixels, %d classes".formatted(data.width(), data.height(), data.classes()));

            // Before the long stages, to detect errors early.
            try (Encoder encoder = openEncoder()) {
                return run(pool, data, all, encoder);
            }
        }
    }

    private Encoder openEncoder() throws IOException {
        clock.start(StudyStage.ENCODER);
        Encoder.Options settings = Encoder.Options.defaults()
                .withEngine(options.engine())
                .withPrecision(options.precision())
                .withThreads(options.threads().orElse(0))
                .withPooling(options.featureClassifier().orElse(Pooling.MEAN))
                .withLog(clock::note);
        if (options.inputSize().isPresent()) {
            settings = settings.withInputSize(options.inputSize().getAsInt());
        }
        Encoder encoder = Encoder.open(options.encoder(), settings);
        String precision = encoder.precision().name().toLowerCase(Locale.ROOT);
        clock.stop(
                0,
                "",
                "%s, %s, %d x %d".formatted(encoder.name(), precision, encoder.inputSize(), encoder.inputSize()));
        return encoder;
    }

    private StudyResult run(WorkerPool pool, ImageDataset data, FloatMatrix all, Encoder encoder) {
        clock.start(StudyStage.EXPLORE);
        DataSummary summary = Exploration.explore(data, all, components(all), options.seed(), album, pool);
        clock.stop(
                all.rows(),
                "images",
                "PCA %d of pixels: %.1f %%"
                        .formatted(summary.pixelVarianceRatio().length, 100 * sum(summary.pixelVarianceRatio())));

        ClassifierResult logistic = classify(StudyStage.LOGISTIC, 0, data, pool);
        if (Runtime.getRuntime().availableProcessors() > 1) {
            // Coordinate descent leaves a processor idle.
            Heddle.startWarmUp(Heddle.Task.K_MEANS, Heddle.Task.NEIGHBOR_CLUSTERING);
        }
        ClassifierResult elasticNet = classify(StudyStage.ELASTIC_NET, L1_RATIO, data, pool);
        Clustering.Both clusters;
        Optional<FeatureClassifierResult> onFeatures;
        try (ImageFeatures features = ImageFeatures.of(encoder, all, data.width(), data.height(), clock)) {
            onFeatures = options.featureClassifier().map(pooling -> classify(data, features, pool));
            clusters = new Clustering(options, clock, album, pool).run(data, features);
        }

        return new StudyResult(
                options,
                summary,
                logistic,
                elasticNet,
                clusters.kMeans(),
                clusters.neighbors(),
                onFeatures,
                album.develop(all, data.width(), data.height()),
                album.images(),
                labels(album.images(), data),
                clock.finished(),
                clock.totalSeconds(),
                Environment.current(pool.threads()));
    }

    private ClassifierResult classify(StudyStage stage, double l1Ratio, ImageDataset data, WorkerPool pool) {
        clock.start(stage);
        LogisticRegression.Options solver = solver(LAMBDA).withL1Ratio(l1Ratio);
        ClassifierResult result = Classification.run(data, solver, album, pool);
        clock.stop(
                data.trainImages().rows() * result.passes(),
                "rows",
                "accuracy %.4f, %d passes".formatted(result.confusion().accuracy(), result.passes()));
        return result;
    }

    private FeatureClassifierResult classify(ImageDataset data, ImageFeatures features, WorkerPool pool) {
        clock.start(StudyStage.FEATURE_CLASSIFIER);
        LogisticRegression.Options solver = solver(FEATURE_LAMBDA).withStandardize(true);
        FeatureClassifierResult result = Classification.run(data, features, solver, pool);
        clock.stop(0, "", "accuracy %.4f".formatted(result.confusion().accuracy()));
        return result;
    }

    private LogisticRegression.Options solver(double lambda) {
        return LogisticRegression.Options.defaults()
                .withLambda(lambda)
                .withSeed(options.seed())
                .withProgress(
                        p -> clock.advance(share(p.certificate()), PERCENT, "gap %.1e".formatted(p.certificate())));
    }

    /** Returns the progress from a gap of 1 to the tolerance, in percent on a logarithmic scale. */
    private static long share(double gap) {
        double share = Math.log(gap) / Math.log(TOLERANCE);
        return Math.round(PERCENT * Math.clamp(Double.isNaN(share) ? 0 : share, 0, 1));
    }

    private ImageDataset load() throws IOException {
        ImageDataset whole = FashionMnist.load(options.data(), clock::note);
        if (options.sample().isEmpty()) {
            return whole;
        }
        try (whole) {
            int train = options.sample().getAsInt();
            int least = whole.classes() * StudyOptions.MINIMUM_TRAIN_PER_CLASS;
            InvalidInputException.require(
                    train >= least && train <= whole.trainImages().rows(),
                    "--sample takes %d to %d images, not %d",
                    least,
                    whole.trainImages().rows(),
                    train);
            int test = Math.max(train / TRAIN_PER_TEST, whole.classes() * StudyOptions.MINIMUM_TEST_PER_CLASS);
            return whole.sample(
                    train, Math.toIntExact(Math.min(test, whole.testImages().rows())), options.seed());
        }
    }

    static int components(FloatMatrix x) {
        return Math.toIntExact(Math.min(COMPONENTS, Math.min(x.rows(), x.columns())));
    }

    private static FloatMatrix stacked(FloatMatrix top, FloatMatrix bottom, WorkerPool pool) {
        FloatMatrix all = FloatMatrix.allocate(top.rows() + bottom.rows(), top.columns());
        copy(top, all, 0, pool);
        copy(bottom, all, top.rows(), pool);
        return all;
    }

    private static void copy(FloatMatrix rows, FloatMatrix all, long at, WorkerPool pool) {
        RowSlices slices = RowSlices.of(rows.rows(), SLICE);
        pool.run(slices.count(), (slice, worker) -> {
            long from = rows.offset(slices.from(slice));
            long bytes = rows.offset(slices.to(slice)) - from;
            MemorySegment.copy(rows.segment(), from, all.segment(), all.offset(at) + from, bytes);
        });
    }

    static double sum(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v;
        }
        return sum;
    }
}
