package io.heddle.model;

import io.heddle.internal.network.Layer;
import java.util.List;

/** A value of the graph of a network that is not a constant. */
sealed interface OnnxValue {
    /** The image, before or after the scaling of its channels. */
    record Image() implements OnnxValue {}

    /** N × channels × side × side numbers: a value of the network, or the image, padded by zeros. */
    record Planes(int value, Layer.Padding padding) implements OnnxValue {
        /** Without padding. */
        Planes(int value) {
            this(value, Layer.Padding.NONE);
        }
    }

    /** N × side × side numbers: a value of the network that has one channel, without the dimension of the channels. */
    record Plane(int value) implements OnnxValue {}

    /**
     * N × groups × channels of a group × side × side numbers: a value of the network whose channels are in groups.
     *
     * @param transposed whether the dimension of the groups is behind that of the channels of a group
     */
    record Groups(int value, int groups, boolean transposed) implements OnnxValue {}

    /** N × channels × 1 numbers: a value of the network that has one pixel, without one of its two dimensions. */
    record Column(int value) implements OnnxValue {}

    /** N × numbers: a value of the network plane by plane. */
    record Rows(int value) implements OnnxValue {}

    /** Probabilities of rows of scores, or their logarithms. */
    record Probabilities(int value) implements OnnxValue {}

    /** The numbers of the classes of rows of scores. */
    record Labels(int value) implements OnnxValue {}

    /** Returns a value of the network with the dimensions of another one: rows or planes. */
    static OnnxValue like(Object other, int value) {
        return other instanceof Rows ? new Rows(value) : new Planes(value);
    }

    /** A shape or a part of it, as exporters compute it for a Reshape. */
    record Shape(List<Long> sizes) implements OnnxValue {}
}
