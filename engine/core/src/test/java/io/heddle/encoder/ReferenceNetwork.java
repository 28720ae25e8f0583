package io.heddle.encoder;

import io.heddle.files.DataFormatException;
import io.heddle.model.TensorSet;
import java.util.ArrayList;
import java.util.List;

/** What an encoder's file says, in plain loops and in double. */
final class ReferenceNetwork {
    private final EncoderWeights network;

    ReferenceNetwork(byte[] file) throws DataFormatException {
        network = EncoderWeights.read(TensorSet.parse(file, "reference"), "reference");
    }

    double[] encode(float[] image, FeaturePooling pooling) {
        List<double[][]> layers = planes(image);
        List<Double> features = new ArrayList<>();
        for (double[] plane : layers.getLast()) {
            features.add(mean(plane, 0, 1, 0, 1, 1));
        }
        if (pooling == FeaturePooling.GRID) {
            for (double[][] planes : layers.subList(Math.max(0, layers.size() - 3), layers.size())) {
                for (double[] plane : planes) {
                    for (int w = 0; w < 4; w++) {
                        features.add(mean(plane, w / 2, w / 2 + 1, w % 2, w % 2 + 1, 2));
                    }
                }
            }
        }
        return features.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double mean(double[] plane, int top, int bottom, int left, int right, int grid) {
        int side = (int) Math.round(Math.sqrt(plane.length));
        double sum = 0;
        int pixels = 0;
        for (int y = (int) Math.floor((double) top * side / grid); y < Math.ceil((double) bottom * side / grid); y++) {
            for (int x = (int) Math.floor((double) left * side / grid);
                    x < Math.ceil((double) right * side / grid);
                    x++) {
                sum += plane[y * side + x];
                pixels++;
            }
        }
        return sum / pixels;
    }

    private List<double[][]> planes(float[] image) {
        double[][] planes = {new double[image.length]};
        for (int i = 0; i < image.length; i++) {
            planes[0][i] = image[i];
        }
        List<double[][]> all = new ArrayList<>();
        int side = network.inputSize();
        for (int l = 0; l < network.layers().size(); l++) {
            planes = convolve(l, planes, side);
            side = network.layers().get(l).output(side);
            all.add(planes);
        }
        return all;
    }

    private double[][] convolve(int number, double[][] planes, int side) {
        ConvolutionLayer layer = network.layers().get(number);
        int out = layer.output(side);
        double[][] result = new double[layer.channels()][out * out];
        for (int c = 0; c < layer.channels(); c++) {
            for (int p = 0; p < out * out; p++) {
                double sum = network.biases().get(number)[c];
                for (int i = 0; i < planes.length; i++) {
                    sum += under(number, c, i, planes[i], side, p / out, p % out);
                }
                result[c][p] = Math.max(0, sum);
            }
        }
        return result;
    }

    /** One plane under one kernel. */
    private double under(int number, int output, int input, double[] plane, int side, int y, int x) {
        ConvolutionLayer layer = network.layers().get(number);
        int k = layer.kernel();
        float[] weight = network.weights().get(number);
        double sum = 0;
        for (int dy = 0; dy < k; dy++) {
            for (int dx = 0; dx < k; dx++) {
                int v = y * layer.stride() + dy - layer.padding();
                int u = x * layer.stride() + dx - layer.padding();
                if (v >= 0 && v < side && u >= 0 && u < side) {
                    sum += weight[((output * network.inputs(number) + input) * k + dy) * k + dx] * plane[v * side + u];
                }
            }
        }
        return sum;
    }
}
