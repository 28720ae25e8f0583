package io.heddle.cnn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.heddle.matrix.FloatMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A part of every batch. Draws its views, runs the forward and backward pass on the calling thread, and stores the
 * gradient. Batches are divided into the same parts for any number of threads, so the result does not depend on it.
 */
final class TrainingPart {
    private static final int ALIGNMENT = 64;
    // Added to a view's similarity with itself, so that its softmax is 0.
    private static final float NEVER = -1e9f;

    private final TrainingNetwork network;
    private final TrainingOptions options;
    private final FloatMatrix images;
    private final FloatMatrix targets;
    private final int width;
    private final int height;
    private final int count;
    private final List<ViewSampler.Kind> kinds;
    private final ViewSampler sampler;
    private final MemorySegment views;
    private final MemorySegment wanted;
    private final MemorySegment others;
    private final MemorySegment partners;
    private final MemorySegment mean;
    private final MemorySegment variance;
    private final float[] gradient;
    private double distillation;
    private double contrast;

    /**
     * @param count images in this part
     * @param targets the teacher's rows, or null without a teacher
     * @param arena owns the part's memory
     */
    TrainingPart(
            TrainingNetwork network,
            TrainingOptions options,
            FloatMatrix images,
            int width,
            int height,
            FloatMatrix targets,
            int count,
            Arena arena) {
        this.network = network;
        this.options = options;
        this.images = images;
        this.targets = targets;
        this.width = width;
        this.height = height;
        this.count = count;
        kinds = options.kinds();
        sampler = new ViewSampler(width, height);
        views = floats(arena, (long) kinds.size() * count * width * height);
        wanted = floats(arena, targets == null ? 1 : (long) count * targets.columns());
        long pairs = options.contrastive() ? 4L * count * count : 1;
        others = floats(arena, pairs);
        partners = floats(arena, pairs);
        if (options.contrastive()) {
            for (int i = 0; i < 2 * count; i++) {
                others.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * 2 * count + i, NEVER);
                partners.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * 2 * count + (i + count) % (2 * count), 1);
            }
        }
        mean = floats(arena, network.statistics());
        variance = floats(arena, network.statistics());
        gradient = new float[network.parameters().floats()];
    }

    private static MemorySegment floats(Arena arena, long count) {
        return arena.allocate(count * Float.BYTES, ALIGNMENT);
    }

    /**
     * Computes losses and gradient.
     *
     * @param order the images' numbers in the order of this epoch
     * @param first index of the first image of this part in the order
     * @param seed seed of the views, together with an image's number
     */
    void run(int[] order, int first, long seed) {
        drawViews(order, first, seed);
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try (NDManager manager = network.newScope()) {
            differentiate(manager);
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    private void drawViews(int[] order, int first, long seed) {
        long imageBytes = (long) width * height * Float.BYTES;
        for (int v = 0; v < kinds.size(); v++) {
            for (int i = 0; i < count; i++) {
                int image = order[first + i];
                SplittableRandom random = new SplittableRandom(SeededDraws.mix(seed, 2L * image + v));
                sampler.sample(images, image, kinds.get(v), random, views, ((long) v * count + i) * imageBytes);
            }
        }
        if (targets != null) {
            long rowBytes = (long) targets.columns() * Float.BYTES;
            for (int i = 0; i < count; i++) {
                MemorySegment.copy(targets.segment(), targets.offset(order[first + i]), wanted, i * rowBytes, rowBytes);
            }
        }
    }

    private void differentiate(NDManager manager) {
        NDArray[] leaves = network.leaves(manager);
        int layers = network.layers().size();
        List<NDArray> means = new ArrayList<>();
        List<NDArray> variances = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < layers; i++) {
            long bytes = (long) network.layers().get(i).channels() * Float.BYTES;
            Shape shape = new Shape(network.layers().get(i).channels());
            means.add(array(manager, mean.asSlice(at, bytes), shape));
            variances.add(array(manager, variance.asSlice(at, bytes), shape));
            at += bytes;
        }
        // With one channel, rows of pixels already have the channels-last layout. The view only declares it.
        NDArray batch = array(manager, views, new Shape((long) kinds.size() * count, height, width, 1))
                .transpose(0, 3, 1, 2);
        NDArray features = network.features(manager, batch, leaves, means, variances);
        NDArray loss = null;
        distillation = 0;
        contrast = 0;
        if (targets != null) {
            NDArray part = distillation(manager, features, leaves);
            distillation = part.getFloat();
            loss = part.mul((float) options.teaching().weight());
        }
        if (options.contrastive()) {
            NDArray part = contrast(manager, features, leaves);
            contrast = part.getFloat();
            NDArray weighted = part.mul((float) options.contrastWeight());
            loss = loss == null ? weighted : loss.add(weighted);
        }
        JniUtils.backward((PtNDArray) loss, (PtNDArray) loss.onesLike(), false, false);
        for (int i = 0; i < leaves.length; i++) {
            ParameterBlock.Slot slot = network.parameters().slots().get(i);
            leaves[i]
                    .getGradient()
                    .toByteBuffer(true)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer()
                    .get(gradient, slot.first(), slot.length());
        }
    }

    /** Returns the mean of 1 − cosine between prediction and target. */
    private NDArray distillation(NDManager manager, NDArray features, NDArray[] leaves) {
        NDArray target = array(manager, wanted, new Shape(1, count, targets.columns()));
        NDArray prediction = network.prediction(features, leaves).reshape(kinds.size(), count, targets.columns());
        return prediction.mul(target).sum().div(-(float) kinds.size() * count).add(1);
    }

    /** Returns the NT-Xent loss: the cross-entropy of each view's partner among all other views. */
    private NDArray contrast(NDManager manager, NDArray features, NDArray[] leaves) {
        Shape square = new Shape(2L * count, 2L * count);
        NDArray projection = network.projection(features, leaves);
        NDArray similarity = projection
                .matMul(projection.transpose(1, 0))
                .div((float) options.temperature())
                .add(array(manager, others, square));
        return similarity
                .logSoftmax(1)
                .mul(array(manager, partners, square))
                .sum()
                .div(-2f * count);
    }

    private static NDArray array(NDManager manager, MemorySegment memory, Shape shape) {
        return manager.create(memory.asByteBuffer().order(ByteOrder.nativeOrder()), shape, DataType.FLOAT32);
    }

    /** Returns the gradient, one number per parameter; not a copy. */
    float[] gradient() {
        return gradient;
    }

    /** Returns the channels' means of the last batch, for all layers in order. */
    float[] means() {
        return mean.toArray(ValueLayout.JAVA_FLOAT);
    }

    /** Returns the channels' variances of the last batch, for all layers in order. */
    float[] variances() {
        return variance.toArray(ValueLayout.JAVA_FLOAT);
    }

    double distillation() {
        return distillation;
    }

    double contrast() {
        return contrast;
    }
}
