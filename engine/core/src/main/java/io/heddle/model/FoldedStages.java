package io.heddle.model;

import static io.heddle.matrix.InvalidInputException.require;

import io.heddle.internal.gemm.DoubleRowMap;
import io.heddle.internal.gemm.RowMap;
import io.heddle.internal.gemm.RowShift;
import io.heddle.internal.gemm.RowStep;
import io.heddle.neighbors.NeighborIndex;
import java.util.List;

/**
 * The stages of a pipeline, folded into one or two maps. If the columns are far from zero beside their spread, the
 * first of two steps subtracts a row near the data, and one map is the rest. If no such row is known, the first step
 * computes in double.
 *
 * @param head the first of two steps; null if all stages are folded into the last one
 * @param tail the last map; null if the last stage is an index, which takes the values of the head
 * @param index null unless the last stage is an index
 */
record FoldedStages(RowStep head, RowMap tail, NeighborIndex index) {
    /** Checks that the stages fit together, and folds them. */
    static FoldedStages of(List<Stage> stages) {
        require(!stages.isEmpty(), "a pipeline needs at least one stage");
        for (int i = 1; i < stages.size(); i++) {
            Stage before = stages.get(i - 1);
            require(
                    before instanceof Stage.Scale || before instanceof Stage.Components,
                    "stage %d of the pipeline must be the last one, because it returns classes or clusters",
                    i);
            require(
                    before.outputs() == stages.get(i).inputs(),
                    "stage %d of the pipeline returns %d values, but stage %d takes %d",
                    i,
                    before.outputs(),
                    i + 1,
                    stages.get(i).inputs());
        }
        require(!(stages.getLast() instanceof Stage.Scale), "a pipeline cannot end in scaling");
        if (stages.getLast() instanceof Stage.Neighbors neighbors) {
            require(
                    stages.size() > 1 && stages.get(stages.size() - 2) instanceof Stage.Components,
                    "nearest neighbours in a pipeline need principal components before them");
            List<Stage> before = stages.subList(0, stages.size() - 1);
            Affine map = Affine.of(before, 0, before.size());
            boolean far = FarColumns.origin(before).length > 0;
            return new FoldedStages(
                    far ? new DoubleRowMap(map.weights(), map.biases()) : map.pack(false), null, neighbors.index());
        }
        boolean relative = stages.getLast() instanceof Stage.Classifier || stages.getLast() instanceof Stage.Clusters;
        float[] origin = FarColumns.origin(stages);
        if (FarColumns.needDoubles(stages, origin)) {
            return inDoubles(Affine.of(stages, 0, stages.size()));
        }
        if (origin.length > 0) {
            double[] subtracted = new double[origin.length];
            for (int j = 0; j < origin.length; j++) {
                subtracted[j] = origin[j];
            }
            RowMap rest = Affine.of(stages, 0, stages.size()).from(subtracted).pack(relative);
            return new FoldedStages(new RowShift(origin), rest, null);
        }
        int narrow = narrowest(stages);
        RowMap head = narrow < stages.size() ? Affine.of(stages, 0, narrow).pack(false) : null;
        return new FoldedStages(
                head,
                Affine.of(stages, head == null ? 0 : narrow, stages.size()).pack(relative),
                null);
    }

    /** The first step computes all outputs relative to the first one, in double. The second only copies them. */
    private static FoldedStages inDoubles(Affine map) {
        Affine differences = map.relative();
        int outputs = map.biases().length;
        RowMap copy = RowMap.relative(outputs, outputs - 1, (o, i) -> o == i + 1 ? 1 : 0, new double[outputs]);
        return new FoldedStages(new DoubleRowMap(differences.weights(), differences.biases()), copy, null);
    }

    /**
     * Returns the number of stages to fold into the first map. The split is at the smallest intermediate size; all
     * stages are folded if that does not save work.
     */
    private static int narrowest(List<Stage> stages) {
        int best = stages.size();
        long inputs = stages.getFirst().inputs();
        long outputs = stages.getLast().outputs();
        long minimum = inputs * outputs;
        for (int i = 1; i < stages.size(); i++) {
            long between = stages.get(i).inputs();
            long products = inputs * between + between * outputs;
            if (products < minimum) {
                minimum = products;
                best = i;
            }
        }
        return best;
    }
}
