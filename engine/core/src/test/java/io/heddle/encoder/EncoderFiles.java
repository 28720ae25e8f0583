package io.heddle.encoder;

import io.heddle.internal.network.LayerGraph;
import io.heddle.internal.network.LayerText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Encoders with random weights, as files in memory. */
final class EncoderFiles {
    private EncoderFiles() {}

    /** Weights of a size that keeps the magnitude of the activations. */
    static byte[] random(String layers, int inputSize, long seed) {
        List<float[]> tensors = new ArrayList<>();
        List<String> places = new ArrayList<>();
        Random random = new Random(seed);
        int inputs = 1;
        int number = 0;
        int end = 0;
        for (ConvolutionLayer layer : ConvolutionLayer.parse(layers)) {
            int k = layer.kernel();
            float[] weight = new float[layer.channels() * inputs * k * k];
            for (int i = 0; i < weight.length; i++) {
                weight[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / (inputs * k * k)));
            }
            float[] bias = new float[layer.channels()];
            for (int i = 0; i < bias.length; i++) {
                bias[i] = (float) (random.nextGaussian() * 0.1);
            }
            String name = "layers." + number + ".";
            places.add(place(name + "weight", "%d,%d,%d,%d".formatted(layer.channels(), inputs, k, k), end, weight));
            end += weight.length * Float.BYTES;
            places.add(place(name + "bias", Integer.toString(layer.channels()), end, bias));
            end += bias.length * Float.BYTES;
            tensors.add(weight);
            tensors.add(bias);
            inputs = layer.channels();
            number++;
        }
        String header = "{\"__metadata__\":{\"format\":\"heddle-encoder-1\",\"layers\":\"%s\",\"inputSize\":\"%d\"},%s}"
                .formatted(layers, inputSize, String.join(",", places));
        return file(header, tensors);
    }

    /** A graph of layers with a scaling of the image. */
    static byte[] randomGraph(String layers, int channels, int inputSize, long seed) {
        List<float[]> tensors = new ArrayList<>();
        List<String> places = new ArrayList<>();
        Random random = new Random(seed);
        int end = add("input.shift", Integer.toString(channels), gaussian(channels, 0.5, random), 0, places, tensors);
        end = add("input.factor", Integer.toString(channels), gaussian(channels, 1, random), end, places, tensors);
        LayerGraph graph = new LayerGraph(channels, inputSize, LayerText.parse(layers));
        for (int l = 0; l < graph.layers().size(); l++) {
            List<Long> sizes = graph.weightShape(l);
            if (!sizes.isEmpty()) {
                int planes = Math.toIntExact(sizes.getFirst());
                int each = Math.toIntExact(sizes.get(1) * sizes.get(2) * sizes.get(3));
                float[] weight = gaussian(planes * each, Math.sqrt(2.0 / each), random);
                String shape = sizes.stream().map(Object::toString).collect(Collectors.joining(","));
                end = add("layers." + l + ".weight", shape, weight, end, places, tensors);
                float[] bias = gaussian(planes, 0.1, random);
                end = add("layers." + l + ".bias", Integer.toString(planes), bias, end, places, tensors);
            }
        }
        String header =
                "{\"__metadata__\":{\"format\":\"heddle-encoder-2\",\"layers\":\"%s\",\"inputChannels\":\"%d\",\"inputSize\":\"%d\"},%s}"
                        .formatted(layers, channels, inputSize, String.join(",", places));
        return file(header, tensors);
    }

    private static float[] gaussian(int n, double size, Random random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextGaussian() * size);
        }
        return values;
    }

    private static int add(
            String name, String shape, float[] values, int from, List<String> places, List<float[]> tensors) {
        places.add(place(name, shape, from, values));
        tensors.add(values);
        return from + values.length * Float.BYTES;
    }

    private static String place(String name, String shape, int from, float[] values) {
        return "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, shape, from, from + values.length * Float.BYTES);
    }

    /** A file with a given header, valid or not, and given values. */
    static byte[] file(String header, List<float[]> tensors) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        int numbers = tensors.stream().mapToInt(t -> t.length).sum();
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + json.length + numbers * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (float[] tensor : tensors) {
            for (float value : tensor) {
                file.putFloat(value);
            }
        }
        return file.array();
    }

    /** Images of smooth shapes. */
    static float[] image(int side, int number) {
        Random random = new Random(number);
        float[] image = new float[side * side];
        double turn = random.nextDouble() * 3;
        for (int p = 0; p < image.length; p++) {
            double wave = Math.sin(turn + p % side * 0.4) * Math.cos(turn * 2 + p / side * 0.3);
            image[p] = (float) Math.clamp(0.5 + 0.5 * wave + 0.1 * random.nextGaussian(), 0.0, 1.0);
        }
        return image;
    }
}
