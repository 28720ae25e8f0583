package io.heddle.cnn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.heddle.encoder.ConvolutionLayer;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A convolutional network during training, with the two heads of its losses, which are not part of the result: one
 * predicts the teacher's features, one projects for the contrastive loss.
 */
final class TrainingNetwork implements AutoCloseable {
    private static final double EPSILON = 1e-5;
    private static final int PROJECTION = 128;
    private static final double STATISTICS_MOMENTUM = 0.05;

    private final List<ConvolutionLayer> layers;
    private final Precision precision;
    private final ConvolutionScript script;
    private final ParameterBlock parameters;
    private final int[] weights;
    private final int[] scales;
    private final int[] shifts;
    private final int headWeight;
    private final int headBias;
    private final int[] projector;
    // Running mean and variance of every channel of each layer, for inference.
    private final float[][] means;
    private final float[][] variances;

    /**
     * @param targetColumns number of features of the teacher, or 0 without one
     * @param contrastive whether to create the projection head
     */
    TrainingNetwork(List<ConvolutionLayer> layers, int targetColumns, boolean contrastive, Precision precision)
            throws IOException {
        this.layers = layers;
        this.precision = precision;
        int n = layers.size();
        weights = new int[n];
        scales = new int[n];
        shifts = new int[n];
        means = new float[n][];
        variances = new float[n][];
        ParameterBlock.Builder builder = new ParameterBlock.Builder();
        int channels = 1;
        for (int i = 0; i < n; i++) {
            ConvolutionLayer layer = layers.get(i);
            String name = "layers." + i + ".";
            weights[i] = builder.add(name + "weight", layer.channels(), channels, layer.kernel(), layer.kernel());
            scales[i] = builder.add(name + "scale", layer.channels());
            shifts[i] = builder.add(name + "shift", layer.channels());
            channels = layer.channels();
            means[i] = new float[channels];
            variances[i] = new float[channels];
            Arrays.fill(variances[i], 1);
        }
        headWeight = targetColumns == 0 ? -1 : builder.add("head.weight", targetColumns, channels);
        headBias = targetColumns == 0 ? -1 : builder.add("head.bias", targetColumns);
        projector = contrastive
                ? new int[] {
                    builder.add("projector.0.weight", channels, channels),
                    builder.add("projector.0.bias", channels),
                    builder.add("projector.1.weight", PROJECTION, channels),
                    builder.add("projector.1.bias", PROJECTION)
                }
                : null;
        script = ConvolutionScript.load();
        parameters = builder.build();
    }

    /** Initializes all parameters at random. */
    void initialise(SplittableRandom random) {
        int channels = 1;
        for (int i = 0; i < layers.size(); i++) {
            ConvolutionLayer layer = layers.get(i);
            parameters.draw(weights[i], channels * layer.kernel() * layer.kernel(), random);
            parameters.fill(scales[i], 1);
            parameters.fill(shifts[i], 0);
            channels = layer.channels();
        }
        if (headWeight >= 0) {
            parameters.draw(headWeight, channels, random);
            parameters.fill(headBias, 0);
        }
        if (projector != null) {
            parameters.draw(projector[0], channels, random);
            parameters.fill(projector[1], 0);
            parameters.draw(projector[2], channels, random);
            parameters.fill(projector[3], 0);
        }
    }

    /** Returns a manager for the arrays of one step. */
    NDManager newScope() {
        return script.newManager();
    }

    List<ConvolutionLayer> layers() {
        return layers;
    }

    ParameterBlock parameters() {
        return parameters;
    }

    /** Returns the number of means of all layers. */
    int statistics() {
        return layers.stream().mapToInt(ConvolutionLayer::channels).sum();
    }

    /** Returns the parameters as leaves of a new graph, backed by the block's memory. */
    NDArray[] leaves(NDManager manager) {
        NDArray[] leaves = new NDArray[parameters.slots().size()];
        for (int i = 0; i < leaves.length; i++) {
            ParameterBlock.Slot slot = parameters.slots().get(i);
            long[] shape = Arrays.stream(slot.shape()).asLongStream().toArray();
            leaves[i] = manager.create(
                    parameters.segment(slot).asByteBuffer().order(ByteOrder.nativeOrder()),
                    new Shape(shape),
                    DataType.FLOAT32);
            leaves[i].setRequiresGradient(true);
        }
        return leaves;
    }

    /**
     * Runs the convolutions.
     *
     * @param images [N,1,H,W], channels last in memory
     * @param mean the channels' means of each layer, overwritten with those of this batch
     * @param variance as {@code mean}
     * @return float32 [N,C], pooled over the image
     */
    NDArray features(NDManager scope, NDArray images, NDArray[] leaves, List<NDArray> mean, List<NDArray> variance) {
        ConvolutionScript.Arguments arguments = new ConvolutionScript.Arguments()
                .add(images)
                .add("weights", pick(leaves, weights))
                .add("scales", pick(leaves, scales))
                .add("shifts", pick(leaves, shifts))
                .add("means", mean)
                .add("variances", variance)
                .add(scope.create(
                        layers.stream().mapToLong(ConvolutionLayer::stride).toArray()))
                .add(scope.create(precision == Precision.BFLOAT16));
        return script.call("train_features", scope, true, arguments).head();
    }

    private static List<NDArray> pick(NDArray[] leaves, int[] numbers) {
        return Arrays.stream(numbers).mapToObj(i -> leaves[i]).toList();
    }

    /** Predicts the teacher's features: rows of unit length. */
    NDArray prediction(NDArray features, NDArray[] leaves) {
        return unit(
                JniUtils.linear((PtNDArray) features, (PtNDArray) leaves[headWeight], (PtNDArray) leaves[headBias]));
    }

    /** Projects features for the contrastive loss: rows of unit length. */
    NDArray projection(NDArray features, NDArray[] leaves) {
        PtNDArray hidden = JniUtils.relu(JniUtils.linear(
                (PtNDArray) features, (PtNDArray) leaves[projector[0]], (PtNDArray) leaves[projector[1]]));
        return unit(JniUtils.linear(hidden, (PtNDArray) leaves[projector[2]], (PtNDArray) leaves[projector[3]]));
    }

    private static NDArray unit(PtNDArray rows) {
        return JniUtils.normalize(rows, 2, 1, 1e-8);
    }

    /** Updates the running mean and variance with those of a batch, given for all layers in order. */
    void follow(float[] mean, float[] variance) {
        int at = 0;
        for (int i = 0; i < means.length; i++) {
            for (int c = 0; c < means[i].length; c++, at++) {
                means[i][c] += (float) (STATISTICS_MOMENTUM * (mean[at] - means[i][c]));
                variances[i][c] += (float) (STATISTICS_MOMENTUM * (variance[at] - variances[i][c]));
            }
        }
    }

    /** Returns the running means and variances of all layers by name. */
    Map<String, NamedTensors.Tensor> statisticsByName() {
        Map<String, NamedTensors.Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < means.length; i++) {
            int[] shape = {means[i].length};
            tensors.put("layers." + i + ".mean", new NamedTensors.Tensor(shape, means[i].clone()));
            tensors.put("layers." + i + ".variance", new NamedTensors.Tensor(shape, variances[i].clone()));
        }
        return tensors;
    }

    /** Sets the running mean and variance of a layer. */
    void loadStatistics(int layer, float[] mean, float[] variance) {
        means[layer] = mean.clone();
        variances[layer] = variance.clone();
    }

    /** Returns the convolutions without heads, with each batch norm folded into the preceding convolution. */
    Map<String, NamedTensors.Tensor> folded() {
        Map<String, NamedTensors.Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            float[] weight = parameters.values(weights[i]);
            float[] scale = parameters.values(scales[i]);
            float[] bias = parameters.values(shifts[i]);
            int each = weight.length / scale.length;
            for (int c = 0; c < scale.length; c++) {
                double factor = scale[c] / Math.sqrt(variances[i][c] + EPSILON);
                for (int j = c * each; j < (c + 1) * each; j++) {
                    weight[j] = (float) (weight[j] * factor);
                }
                bias[c] = (float) (bias[c] - means[i][c] * factor);
            }
            int[] shape = parameters.slots().get(weights[i]).shape();
            tensors.put("layers." + i + ".weight", new NamedTensors.Tensor(shape, weight));
            tensors.put("layers." + i + ".bias", new NamedTensors.Tensor(new int[] {bias.length}, bias));
        }
        return tensors;
    }

    @Override
    public void close() {
        parameters.close();
        script.close();
    }
}
