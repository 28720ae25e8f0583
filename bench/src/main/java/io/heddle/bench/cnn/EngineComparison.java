package io.heddle.bench.cnn;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.heddle.cnn.Encoder;
import io.heddle.cnn.Engine;
import io.heddle.cnn.Precision;
import io.heddle.data.fashion.FashionMnist;
import io.heddle.data.fashion.ImageDataset;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.matrix.FloatMatrix;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares Heddle's convolutions with PyTorch on the images of Fashion-MNIST: the differences of the features of
 * {@code fashion}, the images per second of one thread, and the latency of one image.
 *
 * <p>The engines alternate, and the time is the thread's CPU time, so that other programs on the machine have little
 * effect on the ratio.
 */
public final class EngineComparison {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int SLICE = 1792;
    private static final int PIXELS = 28 * 28;
    private static final int WARM_UP = 4;
    private static final int CALLS = 20_000;

    private EngineComparison() {}

    /** An engine with its precision. */
    private record Side(String name, Encoder encoder, List<Double> micros) {}

    /**
     * Prints the comparison.
     *
     * @param args maximum number of images, default all 70,000; or {@code --first java} or {@code --first pytorch}:
     *     prints the time of this new process until it has the features of one image; or {@code --layers}: prints the
     *     time of each layer in Heddle
     * @throws IOException if the data or PyTorch are not available
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 2 && args[0].equals("--first")) {
            first(Engine.valueOf(args[1].toUpperCase(Locale.ROOT)));
            return;
        }
        if (args.length == 1 && args[0].equals("--layers")) {
            LayerTimes.print();
            return;
        }
        int maximum = args.length > 0 ? Integer.parseInt(args[0]) : Integer.MAX_VALUE;
        Encoder.Options torch = Encoder.Options.defaults().withThreads(1).withEngine(Engine.PYTORCH);
        try (ImageDataset data = FashionMnist.load(Optional.empty(), System.err::println);
                Encoder own = Encoder.open("fashion", Encoder.Options.defaults().withThreads(1));
                Encoder exact = Encoder.open("fashion", torch.withPrecision(Precision.FLOAT32));
                Encoder half = Encoder.open("fashion", torch.withPrecision(Precision.BFLOAT16))) {
            List<Side> sides = List.of(
                    new Side("Heddle float32", own, new ArrayList<>()),
                    new Side("PyTorch float32", exact, new ArrayList<>()),
                    new Side("PyTorch bfloat16", half, new ArrayList<>()));
            Agreement agreement = new Agreement();
            encode(data.trainImages(), maximum, sides, agreement);
            encode(data.testImages(), maximum - (int) data.trainImages().rows(), sides, agreement);
            System.out.println(agreement);
            double base = median(sides.get(1).micros());
            for (Side side : sides) {
                double micros = median(side.micros());
                System.out.printf(
                        Locale.ROOT,
                        "%-17s %7.1f us CPU per image, %6.0f images/s per thread, %.2f x PyTorch float32%n",
                        side.name(),
                        micros,
                        1e6 / micros,
                        base / micros);
            }
        }
        oneImage();
    }

    private static void encode(FloatMatrix images, int maximum, List<Side> sides, Agreement agreement) {
        for (long from = 0; from < Math.min(images.rows(), maximum); from += SLICE) {
            long to = Math.min(images.rows(), from + SLICE);
            List<FloatMatrix> features = new ArrayList<>();
            try (FloatMatrix slice = images.rows(from, to)) {
                for (Side side : sides) {
                    long start = THREADS.getCurrentThreadCpuTime();
                    features.add(side.encoder().encode(slice, 28, 28, p -> {}));
                    side.micros().add((THREADS.getCurrentThreadCpuTime() - start) / 1e3 / (to - from));
                }
                agreement.add(features.get(0), features.get(1));
            } finally {
                features.forEach(FloatMatrix::close);
            }
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.subList(Math.min(WARM_UP, values.size() - 1), values.size()).stream()
                .sorted()
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    /** Returns the differences of two rows of features, relative to the largest feature of the row. */
    private static final class Agreement {
        private double largest;
        private double sum;
        private long numbers;
        private long rows;

        void add(FloatMatrix a, FloatMatrix b) {
            for (long i = 0; i < a.rows(); i++) {
                double scale = 0;
                for (int j = 0; j < a.columns(); j++) {
                    scale = Math.max(scale, Math.abs(b.get(i, j)));
                }
                for (int j = 0; j < a.columns(); j++) {
                    double difference = Math.abs(a.get(i, j) - b.get(i, j)) / scale;
                    largest = Math.max(largest, difference);
                    sum += difference;
                }
                numbers += a.columns();
                rows++;
            }
        }

        @Override
        public String toString() {
            return "%d images: differences of Heddle from PyTorch float32, relative to the largest feature of an image: "
                            .formatted(rows)
                    + String.format(Locale.ROOT, "max %.2g, mean %.2g", largest, sum / numbers);
        }
    }

    /** From the start of the JVM. */
    private static void first(Engine engine) throws IOException {
        try (Encoder encoder = Encoder.open(
                        "fashion",
                        Encoder.Options.defaults()
                                .withThreads(1)
                                .withEngine(engine)
                                .withPrecision(Precision.FLOAT32));
                FloatMatrix image = FloatMatrix.allocate(1, PIXELS);
                FloatMatrix features = encoder.encode(image, 28, 28, p -> {})) {
            // Before the management beans are loaded, which takes some 100 ms.
            long encoded = System.currentTimeMillis();
            long started = ManagementFactory.getRuntimeMXBean().getStartTime();
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d features of one image %d ms after the start of the JVM, %d ms of processor%n",
                    engine,
                    features.columns(),
                    encoded - started,
                    system.getProcessCpuTime() / 1_000_000);
        }
    }

    private static void oneImage() throws IOException {
        try (ImageEncoder encoder = ImageEncoder.open(EmbeddedEncoder.FASHION, FeaturePooling.MEAN)) {
            byte[] pixels = new byte[PIXELS];
            for (int i = 0; i < PIXELS; i++) {
                pixels[i] = (byte) (i * 37);
            }
            float[] features = new float[encoder.dimensions()];
            long[] nanos = new long[CALLS];
            long[] processor = new long[CALLS];
            long bytes = 0;
            for (int round = 0; round < 2; round++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < CALLS; i++) {
                    long start = System.nanoTime();
                    encoder.encode(pixels, features);
                    nanos[i] = System.nanoTime() - start;
                }
                bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            }
            for (int i = 0; i < CALLS; i++) {
                long start = THREADS.getCurrentThreadCpuTime();
                encoder.encode(pixels, features);
                processor[i] = THREADS.getCurrentThreadCpuTime() - start;
            }
            Arrays.sort(nanos);
            Arrays.sort(processor);
            System.out.printf(
                    Locale.ROOT,
                    "one image, one thread, warm: minimum %.0f us, p50 %.0f us, p99.9 %.0f us, %.1f bytes per call%n",
                    nanos[0] / 1e3,
                    nanos[CALLS / 2] / 1e3,
                    nanos[CALLS - CALLS / 1000] / 1e3,
                    (double) bytes / CALLS);
            System.out.printf(
                    Locale.ROOT,
                    "the same, processor time of the thread: least %.0f us, p50 %.0f us, p99.9 %.0f us%n",
                    processor[0] / 1e3,
                    processor[CALLS / 2] / 1e3,
                    processor[CALLS - CALLS / 1000] / 1e3);
        }
    }
}
