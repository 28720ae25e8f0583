package io.heddle.model;

import io.heddle.files.DataFormatException;
import io.heddle.matrix.FloatMatrix;
import io.heddle.neighbors.NeighborIndex;
import java.util.List;
import java.util.Map;

/** An index of rows as a part of a model file. Labels are kept as doubles, which hold each int exactly. */
final class NeighborPart {
    static final String STAGE = "neighbors";

    private NeighborPart() {}

    /** {@return the stage's name} */
    static String write(NeighborIndex index, String prefix, List<Tensor> tensors, Map<String, String> metadata) {
        double[] labels = new double[index.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = index.label(i);
        }
        tensors.add(Tensor.of(prefix + "rows", index.rows()));
        tensors.add(Tensor.of(prefix + "labels", labels));
        metadata.put(prefix + "neighbors", Integer.toString(index.neighbors()));
        return STAGE;
    }

    static NeighborIndex read(TensorFile tensors, String prefix, List<String> features) throws DataFormatException {
        int neighbors = tensors.integer(prefix + "neighbors");
        double[] values = tensors.doubles(prefix + "labels");
        int[] labels = new int[values.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) values[i];
            if (labels[i] != values[i]) {
                throw tensors.fault("is damaged: %s is not a label", values[i]);
            }
        }
        try (FloatMatrix rows = tensors.matrix(prefix + "rows")) {
            return NeighborIndex.of(FeatureNamesText.name(rows, features), labels, neighbors);
        }
    }
}
