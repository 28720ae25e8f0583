package io.heddle.cnn;

import ai.djl.engine.Engine;
import io.heddle.encoder.ConvolutionLayer;
import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.matrix.InvalidInputException;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Trains a small convolutional network to encode images, without labels.
 *
 * <p>The network learns from a teacher, whose features it predicts (distillation), or from the images alone: two random
 * views of an image must be more similar than views of different images (contrast). Both losses can be combined. The
 * result is a safetensors file that {@link Encoder#open} reads. Its header contains the provenance.
 *
 * <p>T. Chen et al., <i>A Simple Framework for Contrastive Learning of Visual Representations</i>, arXiv:2002.05709; G.
 * Hinton et al., <i>Distilling the Knowledge in a Neural Network</i>, arXiv:1503.02531.
 *
 * <p>After each epoch a checkpoint is written atomically next to the result, {@code FILE.checkpoint}. The features of
 * the teacher are stored in {@code FILE.teacher} until the training ends. The same images, options, seed and precision
 * give the same file for any number of threads, on the same type of processor and version of PyTorch.
 */
public final class EncoderTraining {
    private static final double WEIGHT_DECAY = 1e-2;

    /**
     * The progress of a training.
     *
     * @param epoch the current epoch, from 0; −1 while the teacher encodes
     * @param done images processed in this epoch
     * @param total images per epoch
     * @param imagesPerSecond images per second since the start of the epoch; all views of an image count as one
     * @param distillation mean of that loss over the epoch so far, 0 without a teacher
     * @param contrast mean of that loss over the epoch so far, 0 without it
     */
    public record Progress(
            int epoch, long done, long total, double imagesPerSecond, double distillation, double contrast) {}

    private final FloatMatrix images;
    private final int width;
    private final int height;
    private final TrainingOptions options;
    private final WorkerPool pool;
    private final Consumer<Progress> progress;

    private EncoderTraining(
            FloatMatrix images,
            int width,
            int height,
            TrainingOptions options,
            WorkerPool pool,
            Consumer<Progress> progress) {
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
     * @param width width of an image in pixels
     * @param height height of an image in pixels, equal to {@code width}
     * @param options the options
     * @param target the file to write; its folder must exist
     * @param resume whether to continue from the checkpoint next to it
     * @param versions versions of the calling program, written to the file
     * @param pool whose threads share the work
     * @param progress called on this thread after each step
     * @throws InvalidInputException if the images are too few, not square, or not in [0,1]; if the training diverges;
     *     if the checkpoint to continue from is missing or is of other images or options
     * @throws DataFormatException if the teacher or the checkpoint is not a valid file
     * @throws IOException if a file cannot be read or written, or PyTorch cannot be started
     */
    public static void train(
            FloatMatrix images,
            int width,
            int height,
            TrainingOptions options,
            Path target,
            boolean resume,
            Map<String, String> versions,
            WorkerPool pool,
            Consumer<Progress> progress)
            throws IOException {
        TrainingRequirements.requireImages(images, width, height);
        TrainingRequirements.requireTarget(target);
        InvalidInputException.require(
                options.contrastive() || options.distilling(), "a training needs a teacher or a contrastive loss");
        EncoderTraining training = new EncoderTraining(images, width, height, options, pool, progress);
        training.train(target, resume, versions);
    }

    /**
     * {@return the path of the checkpoint of a training}
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
        NamedTensors earlier = resume ? TrainingCheckpoint.read(checkpointFile) : null;
        int torchThreads = Torch.start(Encoder.Options.defaults().log());
        Precision precision = options.precision() == Precision.AUTO ? Precision.best() : options.precision();
        Map<String, String> provenance = new LinkedHashMap<>(provenance(precision));
        try (Encoder teacher = options.distilling() ? openTeacher() : null) {
            if (teacher != null) {
                // The folder of the file is private.
                provenance.put("teacher", Path.of(teacher.name()).getFileName().toString());
                provenance.put("teacherSha256", teacher.sha256());
                provenance.put("teacherPrecision", teacher.precision().name().toLowerCase(Locale.ROOT));
            }
            if (earlier != null) {
                TrainingCheckpoint.requireSame(earlier, provenance, checkpointFile);
            }
            // Threads inside PyTorch's operators would compete with Heddle's workers.
            boolean alone = torchThreads != 1;
            TeacherCache cache = new TeacherCache(beside(target, ".teacher"), provenance);
            FloatMatrix targets = teacher == null ? null : cache.get(() -> targets(teacher));
            try (targets;
                    WorkerPool own = alone ? WorkerPool.of(1) : null;
                    TrainingNetwork network = new TrainingNetwork(
                            ConvolutionLayer.parse(options.layers()),
                            targets == null ? 0 : targets.columns(),
                            options.contrastive(),
                            precision)) {
                AdamW optimizer = new AdamW(network.parameters(), WEIGHT_DECAY);
                network.initialise(new SplittableRandom(SeededDraws.mix(options.seed(), -1)));
                int epoch = earlier == null ? 0 : TrainingCheckpoint.load(earlier, network, optimizer, checkpointFile);
                TrainingLoop loop = new TrainingLoop(images, width, height, targets, options, progress);
                double[] losses = loop.run(network, optimizer, alone ? own : pool, epoch, e -> {
                    TrainingCheckpoint.of(network, optimizer, provenance, e).write(checkpointFile);
                });
                Map<String, String> metadata = new LinkedHashMap<>();
                metadata.put("format", OwnFormat.FORMAT);
                metadata.put("name", target.getFileName().toString());
                metadata.putAll(provenance);
                metadata.putAll(versions);
                metadata.put("distillationLoss", "%.5f".formatted(losses[0]));
                metadata.put("contrastiveLoss", "%.5f".formatted(losses[1]));
                new NamedTensors(metadata, network.folded()).write(target);
                Files.deleteIfExists(checkpointFile);
                cache.delete();
            }
        }
    }

    private Encoder openTeacher() throws IOException {
        return Encoder.open(options.teaching().teacher().orElseThrow());
    }

    private FloatMatrix targets(Encoder teacher) {
        try (FloatMatrix features = encode(teacher, images)) {
            if (options.teaching().augment()) {
                try (FloatMatrix mirrored = TeacherTargets.mirrored(images, width, height, pool);
                        FloatMatrix others = encode(teacher, mirrored)) {
                    TeacherTargets.average(features, others, pool);
                }
            }
            return TeacherTargets.of(features, options, pool);
        }
    }

    private FloatMatrix encode(Encoder teacher, FloatMatrix seen) {
        long start = System.nanoTime();
        return teacher.encode(
                seen,
                width,
                height,
                p -> progress.accept(
                        new Progress(-1, p.done(), p.total(), TrainingLoop.perSecond(p.done(), start), 0, 0)));
    }

    private Map<String, String> provenance(Precision precision) {
        List<ConvolutionLayer> layers = ConvolutionLayer.parse(options.layers());
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("layers", ConvolutionLayer.describe(layers));
        lines.put("inputSize", Integer.toString(width));
        lines.put("dimensions", Integer.toString(layers.getLast().channels()));
        lines.put("epochs", Integer.toString(options.schedule().epochs()));
        lines.put("batchSize", Integer.toString(options.schedule().batchSize()));
        lines.put("learningRate", Double.toString(options.schedule().learningRate()));
        lines.put(
                "distillationWeight",
                Double.toString(options.distilling() ? options.teaching().weight() : 0));
        lines.put(
                "components",
                Integer.toString(options.distilling() ? options.teaching().components() : 0));
        lines.put(
                "smoothing",
                Integer.toString(options.distilling() ? options.teaching().smoothing() : 0));
        lines.put("augment", Boolean.toString(options.teaching().augment()));
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
