package io.heddle.bench.cnn;

import io.heddle.bench.compare.Roof;
import io.heddle.encoder.ConvolutionLayer;
import io.heddle.encoder.EmbeddedEncoder;
import io.heddle.encoder.FeaturePooling;
import io.heddle.encoder.ImageEncoder;
import io.heddle.matrix.FloatMatrix;
import io.heddle.model.TensorSet;
import io.heddle.parallel.WorkerPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Measures each layer of the encoder {@code fashion} beside the arithmetic roof of one core. A layer's time is the
 * difference between the network that ends with it and the network that ends before it, so the last layer includes the
 * pooling of its planes less that of the layer before. Operations are those of a direct convolution: a Winograd
 * convolution needs fewer and can exceed the roof.
 */
final class LayerTimes {
    private static final int IMAGES = 512;
    private static final int ROUNDS = 40;
    private static final int CHANNELS = 1;
    private static final int SIDE = 28;

    private LayerTimes() {}

    /** Prints a line for each layer, in microseconds per image on one thread; the minimum of all rounds counts. */
    static void print() throws IOException {
        TensorSet whole = TensorSet.parse(EmbeddedEncoder.FASHION.file(), EmbeddedEncoder.FASHION.label());
        List<ConvolutionLayer> layers = ConvolutionLayer.parse(whole.metadata().get("layers"));
        List<ImageEncoder> networks = new ArrayList<>();
        double[] micros = new double[layers.size()];
        Arrays.fill(micros, Double.POSITIVE_INFINITY);
        try (WorkerPool one = WorkerPool.of(1);
                FloatMatrix images = images()) {
            Roof roof = Roof.measure(one);
            for (int count = 1; count <= layers.size(); count++) {
                networks.add(ImageEncoder.of(first(count, layers, whole), FeaturePooling.MEAN));
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < micros.length; i++) {
                    long start = System.nanoTime();
                    networks.get(i).encode(images, one).close();
                    micros[i] = Math.min(micros[i], (System.nanoTime() - start) / 1e3 / IMAGES);
                }
            }
            print(layers, micros, roof.flops());
        } finally {
            networks.forEach(ImageEncoder::close);
        }
    }

    private static void print(List<ConvolutionLayer> layers, double[] micros, double roof) {
        int side = SIDE;
        int channels = CHANNELS;
        double all = 0;
        for (int i = 0; i < micros.length; i++) {
            ConvolutionLayer layer = layers.get(i);
            side = layer.output(side);
            double flops = 2.0 * side * side * layer.kernel() * layer.kernel() * channels * layer.channels();
            channels = layer.channels();
            all += flops;
            print(layer.toString(), micros[i] - (i == 0 ? 0 : micros[i - 1]), flops, roof);
        }
        print("all", micros[micros.length - 1], all, roof);
    }

    private static void print(String name, double micros, double flops, double roof) {
        double rate = flops / micros * 1e6;
        System.out.printf(
                Locale.ROOT,
                "%-8s %6.1f us, %5.2f million multiply-adds, %4.0f GFLOP/s, %3.0f %% of %.0f%n",
                name,
                micros,
                flops / 2e6,
                rate / 1e9,
                100 * rate / roof,
                roof / 1e9);
    }

    /** Returns the network of the first layers. */
    private static TensorSet first(int count, List<ConvolutionLayer> layers, TensorSet whole) throws IOException {
        Map<String, String> metadata = new HashMap<>(whole.metadata());
        metadata.put("layers", ConvolutionLayer.describe(layers.subList(0, count)));
        metadata.put("dimensions", Integer.toString(layers.get(count - 1).channels()));
        Map<String, TensorSet.Values> tensors = new HashMap<>();
        for (int i = 0; i < count; i++) {
            for (String name : List.of("layers." + i + ".weight", "layers." + i + ".bias")) {
                tensors.put(name, new TensorSet.Values(whole.shape(name), whole.floats(name)));
            }
        }
        return TensorSet.parse(TensorSet.write(metadata, tensors), "the first " + count + " layers");
    }

    private static FloatMatrix images() {
        FloatMatrix images = FloatMatrix.allocate(IMAGES, CHANNELS * SIDE * SIDE);
        Random random = new Random(1);
        for (int i = 0; i < IMAGES; i++) {
            for (int j = 0; j < CHANNELS * SIDE * SIDE; j++) {
                images.set(i, j, random.nextFloat());
            }
        }
        return images;
    }
}
