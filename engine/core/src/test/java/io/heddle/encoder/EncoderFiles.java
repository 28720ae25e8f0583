package io.heddle.encoder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Encoders with random weights, as files in memory. */
final class EncoderFiles {
    private EncoderFiles() {}

    /** Weights of about the size that keeps the size of what comes through. */
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

    private static String place(String name, String shape, int from, float[] values) {
        return "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, shape, from, from + values.length * Float.BYTES);
    }

    /** A file of such a header, whatever it says, and such numbers. */
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
