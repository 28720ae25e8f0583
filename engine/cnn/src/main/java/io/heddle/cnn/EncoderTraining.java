package io.heddle.cnn;

import ai.djl.engine.Engine;
import io.heddle.data.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Trains a small convolutional network to encode images, without labels.
 *
 * <p>It learns from a teacher, whose features it is to predict (distillation), from the images alone, two random views
 * of which are to be more alike than views of different images (contrast), or from both at once. The result is a file
 * of numbers in the safetensors format that {@link Encoder#open} reads; it says in its header what it was made from.
 *
 * <p>T. Chen et al., <i>A Simple Framework for Contrastive Learning of Visual Representations</i>, arXiv:2002.05709; G.
 * Hinton et al., <i>Distilling the Knowledge in a Neural Network</i>, arXiv:1503.02531.
 *
 * <p>After each epoch a checkpoint is written beside the result, {@code FILE.checkpoint}; it is whole or as it was
 * before. What the teacher said lies beside it until the training is over, in {@code FILE.teacher}. Same images,
 * options, seed and precision: same file, for any number of threads, on one processor and version of PyTorch.
 */
public final class EncoderTraining {
    /** The layers of the network that Heddle ships: channels@kernel/stride. */
    public static final String DEFAULT_LAYERS = "32@5/2 64@3 128@3/2 128@3 256@1";

    // Parts of a batch; each keeps one core busy. Changing it changes every result.
    private static final int PARTS = 4;
    static final int SMALLEST_BATCH = 8;
    private static final int WARM_UP_RUNS = 3;
    private static final double WARM_UP_SHARE = 0.05;
    private static final double WEIGHT_DECAY = 1e-2;

    /**
     * How to train.
     *
     * @param teacher the encoder to learn from, by name or file, or none
     * @param distillationWeight weight of the loss towards the teacher, ignored without one
     * @param contrastWeight weight of the contrastive loss, 0 for none
     * @param layers the network: {@code channels@kernel/stride}, separated by blanks
     * @param epochs times that every image is seen
     * @param batchSize images in a step, 8 to 8192; at most as many as there are
     * @param learningRate the largest, reached after a twentieth of the steps, from where it falls as a cosine
     * @param temperature divides the similarities in the contrastive loss
     * @param components principal components of the teacher's features that are learnt
     * @param seed of all that is drawn at random
     * @param precision of the convolutions; sums and parameters are float32
     */
    public record Options(
            Optional<String> teacher,
            double distillationWeight,
            double contrastWeight,
            String layers,
            int epochs,
            int batchSize,
            double learningRate,
            double temperature,
            int components,
            long seed,
            Precision precision) {

        /**
         * Checks the values.
         *
         * @throws InvalidInputException if a number is out of its range
         */
        public Options {
            Objects.requireNonNull(precision, "precision");
            ConvolutionLayer.parse(layers);
            TrainingRequirements.requireBetween(epochs, 1, 10_000, "epochs");
            TrainingRequirements.requireBetween(batchSize, SMALLEST_BATCH, 8192, "images in a batch");
            TrainingRequirements.requireBetween(components, 1, 4096, "components of the teacher");
            TrainingRequirements.requirePositive(learningRate, 1, "learning rate");
            TrainingRequirements.requirePositive(temperature, 100, "temperature");
            TrainingRequirements.requireWeight(distillationWeight, "distillation");
            TrainingRequirements.requireWeight(contrastWeight, "contrast");
        }

        /** {@return how the encoder that Heddle ships was trained} */
        public static Options defaults() {
            return new Options(
                    Optional.of("imagenet"), 1, 0, DEFAULT_LAYERS, 10, 512, 3e-3, 0.3, 128, 0, Precision.AUTO);
        }

        // One place that names all of them.
        private Options with(
                Optional<String> teacher,
                double distillation,
                double contrast,
                String layers,
                int epochs,
                int batchSize,
                double rate,
                long seed,
                Precision precision) {
            return new Options(
                    teacher,
                    distillation,
                    contrast,
                    layers,
                    epochs,
                    batchSize,
                    rate,
                    temperature,
                    components,
                    seed,
                    precision);
        }

        /**
         * {@return these options with another {@link #teacher()}, or none}
         *
         * @param teacher the new value
         */
        public Options withTeacher(Optional<String> teacher) {
            return with(
                    teacher,
                    distillationWeight,
                    contrastWeight,
                    layers,
                    epochs,
                    batchSize,
                    learningRate,
                    seed,
                    precision);
        }

        /**
         * {@return these options with other weights of the two losses}
         *
         * @param distillation the new {@link #distillationWeight()}
         * @param contrast the new {@link #contrastWeight()}
         */
        public Options withWeights(double distillation, double contrast) {
            return with(teacher, distillation, contrast, layers, epochs, batchSize, learningRate, seed, precision);
        }

        /**
         * {@return these options with another network}
         *
         * @param layers the new {@link #layers()}
         */
        public Options withLayers(String layers) {
            return with(
                    teacher,
                    distillationWeight,
                    contrastWeight,
                    layers,
                    epochs,
                    batchSize,
                    learningRate,
                    seed,
                    precision);
        }

        /**
         * {@return these options with another length}
         *
         * @param epochs the new {@link #epochs()}
         * @param batchSize the new {@link #batchSize()}
         * @param learningRate the new {@link #learningRate()}
         */
        public Options withSchedule(int epochs, int batchSize, double learningRate) {
            return with(
                    teacher,
                    distillationWeight,
                    contrastWeight,
                    layers,
                    epochs,
                    batchSize,
                    learningRate,
                    seed,
                    precision);
        }

        /**
         * {@return these options with another seed}
         *
         * @param seed the new {@link #seed()}
         */
        public Options withSeed(long seed) {
            return with(
                    teacher,
                    distillationWeight,
                    contrastWeight,
                    layers,
                    epochs,
                    batchSize,
                    learningRate,
                    seed,
                    precision);
        }

        /**
         * {@return these options with another precision}
         *
         * @param precision the new {@link #precision()}
         */
        public Options withPrecision(Precision precision) {
            return with(
                    teacher,
                    distillationWeight,
                    contrastWeight,
                    layers,
                    epochs,
                    batchSize,
                    learningRate,
                    seed,
                    precision);
        }

        boolean distilling() {
            return teacher.isPresent() && distillationWeight > 0;
        }

        boolean contrastive() {
            return contrastWeight > 0;
        }

        /** The views of each image in a batch: its own self, or two to be compared. */
        List<ViewSampler.Kind> kinds() {
            return contrastive()
                    ? List.of(ViewSampler.Kind.WEAK, ViewSampler.Kind.STRONG)
                    : List.of(ViewSampler.Kind.PLAIN);
        }
    }

    /**
     * How far a training has come.
     *
     * @param epoch the epoch under way, from 0; −1 while the teacher encodes
     * @param done images seen in this epoch
     * @param total images of an epoch
     * @param imagesPerSecond images seen in a second since the epoch began, each counted once for all its views
     * @param distillation mean of that loss over the epoch so far, 0 without a teacher
     * @param contrast mean of that loss over the epoch so far, 0 without it
     */
    public record Progress(
            int epoch, long done, long total, double imagesPerSecond, double distillation, double contrast) {}

    private final FloatMatrix images;
    private final int width;
    private final int height;
    private final Options options;
    private final WorkerPool pool;
    private final Consumer<Progress> progress;

    private EncoderTraining(
            FloatMatrix images, int width, int height, Options options, WorkerPool pool, Consumer<Progress> progress) {
        this.images = images;
        this.width = width;
        this.height = height;
        this.options = options;
        this.pool = pool;
        this.progress = progress;
    }

    /**
     * Trains an encoder and writes it.
     *
     * @param images N × (width · width), a row per image, values from 0 to 1, at least 8 images
     * @param width pixels in a row of an image
     * @param height rows of pixels of an image, as many as {@code width}
     * @param options how to train
     * @param target the file to write; its folder must exist
     * @param resume whether to go on from the checkpoint beside it
     * @param versions lines about the program that calls, to be kept in the file
     * @param pool the threads that work
     * @param progress called from this thread, after each step
     * @throws InvalidInputException if the images are too few, not square, or not in [0,1]; if the training diverges;
     *     if there is no checkpoint to go on from, or it is of other images or options
     * @throws DataFormatException if the teacher or the checkpoint is no such file
     * @throws IOException if a file cannot be read or written, or PyTorch cannot be started
     */
    public static void train(
            FloatMatrix images,
            int width,
            int height,
            Options options,
            Path target,
            boolean resume,
            Map<String, String> versions,
            WorkerPool pool,
            Consumer<Progress> progress)
            throws IOException {
        TrainingRequirements.requireImages(images, width, height);
        TrainingRequirements.requireTarget(target);
        InvalidInputException.require(
                options.contrastive() || options.distilling(),
                "there is nothing to learn from: neither a teacher nor a contrastive loss");
        EncoderTraining training = new EncoderTraining(images, width, height, options, pool, progress);
        training.train(target, resume, versions);
    }

    /**
     * {@return where the checkpoint of a training lies}
     *
     * @param target the file that the training writes
     */
    public static Path checkpointOf(Path target) {
        return beside(target, ".checkpoint");
    }

    private static Path beside(Path target, String suffix) {
        return target.resolveSibling(target.getFileName() + suffix);
    }

    private void train(Path target, boolean resume, Map<String, String> versions) throws IOException {
        Path checkpointFile = checkpointOf(target);
        TensorFile earlier = resume ? TrainingCheckpoint.read(checkpointFile) : null;
        int torchThreads = Torch.start(Encoder.Options.defaults().log());
        Precision precision = options.precision() == Precision.AUTO ? Precision.best() : options.precision();
        Map<String, String> provenance = new LinkedHashMap<>(provenance(precision));
        try (Encoder teacher = options.distilling() ? openTeacher() : null) {
            if (teacher != null) {
                provenance.put("teacher", teacher.name());
                provenance.put("teacherSha256", teacher.sha256());
                provenance.put("teacherPrecision", teacher.precision().name().toLowerCase(Locale.ROOT));
            }
            if (earlier != null) {
                TrainingCheckpoint.requireSame(earlier, provenance, checkpointFile);
            }
            TeacherCache cache = new TeacherCache(beside(target, ".teacher"), provenance);
            FloatMatrix targets = teacher == null ? null : cache.get(() -> targets(teacher));
            try (targets;
                    TrainingNetwork network = new TrainingNetwork(
                            ConvolutionLayer.parse(options.layers()),
                            targets == null ? 0 : targets.columns(),
                            options.contrastive(),
                            precision)) {
                AdamW optimizer = new AdamW(network.parameters(), WEIGHT_DECAY);
                network.initialise(new SplittableRandom(SeededDraws.mix(options.seed(), -1)));
                int epoch = earlier == null ? 0 : TrainingCheckpoint.load(earlier, network, optimizer, checkpointFile);
                double[] losses = epochs(network, optimizer, targets, torchThreads, epoch, e -> {
                    TrainingCheckpoint.of(network, optimizer, provenance, e).write(checkpointFile);
                });
                Map<String, String> metadata = new LinkedHashMap<>();
                metadata.put("format", ConvolutionNetwork.FORMAT);
                metadata.put("name", target.getFileName().toString());
                metadata.putAll(provenance);
                metadata.putAll(versions);
                metadata.put("distillationLoss", "%.5f".formatted(losses[0]));
                metadata.put("contrastiveLoss", "%.5f".formatted(losses[1]));
                new TensorFile(metadata, network.folded()).write(target);
                Files.deleteIfExists(checkpointFile);
                cache.delete();
            }
        }
    }

    private Encoder openTeacher() throws IOException {
        return Encoder.open(options.teacher().orElseThrow());
    }

    private FloatMatrix targets(Encoder teacher) {
        long start = System.nanoTime();
        try (FloatMatrix features = teacher.encode(
                images,
                width,
                height,
                p -> progress.accept(new Progress(-1, p.done(), p.total(), perSecond(p.done(), start), 0, 0)))) {
            return TeacherTargets.of(features, options.components(), options.seed(), pool);
        }
    }

    @FunctionalInterface
    private interface AfterEpoch {
        void accept(int epochsDone) throws IOException;
    }

    /** @return the mean losses of the last epoch: distillation, contrast */
    private double[] epochs(
            TrainingNetwork network,
            AdamW optimizer,
            FloatMatrix targets,
            int torchThreads,
            int firstEpoch,
            AfterEpoch afterEpoch)
            throws IOException {
        int batch = (int) Math.min(options.batchSize(), images.rows());
        int parts = Math.min(PARTS, Math.max(1, batch / SMALLEST_BATCH));
        int share = batch / parts;
        int steps = (int) (images.rows() / ((long) share * parts));
        double[] losses = new double[2];
        // Threads inside of PyTorch's operators and workers of our own would only get into each other's way.
        try (Arena arena = Arena.ofShared();
                WorkerPool own = torchThreads == 1 ? null : WorkerPool.of(1)) {
            TrainingPart[] all = new TrainingPart[parts];
            for (int p = 0; p < parts; p++) {
                all[p] = new TrainingPart(network, options, images, width, height, targets, share, arena);
            }
            // PyTorch watches a program's first runs and plans the later ones by them: here, one after the other.
            for (int i = 0; i < WARM_UP_RUNS; i++) {
                all[0].run(SeededDraws.permutation(Math.toIntExact(images.rows()), 0), 0, 0);
            }
            for (int epoch = firstEpoch; epoch < options.epochs(); epoch++) {
                losses = epoch(network, optimizer, all, share, steps, epoch, own == null ? pool : own);
                if (epoch + 1 < options.epochs()) {
                    afterEpoch.accept(epoch + 1);
                }
            }
        }
        return losses;
    }

    private double[] epoch(
            TrainingNetwork network,
            AdamW optimizer,
            TrainingPart[] parts,
            int share,
            int steps,
            int epoch,
            WorkerPool workers) {
        long start = System.nanoTime();
        long seed = SeededDraws.mix(options.seed(), epoch);
        int[] order = SeededDraws.permutation(Math.toIntExact(images.rows()), seed);
        float[] gradient = new float[network.parameters().floats()];
        double[] sums = new double[2];
        for (int step = 0; step < steps; step++) {
            int first = step * parts.length * share;
            workers.run(parts.length, (p, worker) -> parts[p].run(order, first + p * share, seed));
            Arrays.fill(gradient, 0);
            for (TrainingPart part : parts) {
                float[] of = part.gradient();
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] += of[i] / parts.length;
                }
                network.follow(part.means(), part.variances());
                sums[0] += part.distillation() / parts.length;
                sums[1] += part.contrast() / parts.length;
            }
            InvalidInputException.require(
                    Double.isFinite(sums[0]) && Double.isFinite(sums[1]),
                    "the training diverged in step %d of epoch %d at a learning rate of %s: a lower one may hold",
                    step + 1,
                    epoch + 1,
                    options.learningRate());
            long all = (long) steps * options.epochs();
            optimizer.step(gradient, rate((long) epoch * steps + step, all));
            long done = (long) (step + 1) * parts.length * share;
            progress.accept(new Progress(
                    epoch,
                    done,
                    (long) steps * parts.length * share,
                    perSecond(done, start),
                    sums[0] / (step + 1),
                    sums[1] / (step + 1)));
        }
        return new double[] {sums[0] / steps, sums[1] / steps};
    }

    private double rate(long step, long steps) {
        double warmUp = Math.max(1, steps * WARM_UP_SHARE);
        double cosine = 0.5 + 0.5 * Math.cos(Math.PI * step / steps);
        return options.learningRate() * Math.min(1, (step + 1) / warmUp) * cosine;
    }

    private static double perSecond(long images, long start) {
        return images / Math.max(1e-9, (System.nanoTime() - start) / 1e9);
    }

    private Map<String, String> provenance(Precision precision) {
        List<ConvolutionLayer> layers = ConvolutionLayer.parse(options.layers());
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("layers", ConvolutionLayer.describe(layers));
        lines.put("inputSize", Integer.toString(width));
        lines.put("dimensions", Integer.toString(layers.getLast().channels()));
        lines.put("epochs", Integer.toString(options.epochs()));
        lines.put("batchSize", Integer.toString(options.batchSize()));
        lines.put("learningRate", Double.toString(options.learningRate()));
        lines.put("distillationWeight", Double.toString(options.distilling() ? options.distillationWeight() : 0));
        lines.put("components", Integer.toString(options.distilling() ? options.components() : 0));
        lines.put("contrastWeight", Double.toString(options.contrastWeight()));
        lines.put("temperature", Double.toString(options.temperature()));
        lines.put("seed", Long.toString(options.seed()));
        lines.put("trainingPrecision", precision.name().toLowerCase(Locale.ROOT));
        lines.put("images", Long.toString(images.rows()));
        lines.put("dataSha256", ImageDigest.of(images));
        lines.put("pytorch", Engine.getEngine(Torch.ENGINE).getVersion());
        lines.put("java", System.getProperty("java.version"));
        return lines;
    }
}
