package io.heddle.linear;

/**
 * A task that computes the part of a partition in one sum over the rows.
 *
 * @param setup of the fit
 * @param sum the kind of sum
 * @param exact whether to compute in double
 * @param point the parameters at which the sum is taken
 * @param vector the vector of a Hessian product; otherwise null
 * @param scale of the residuals in a negative entropy; otherwise 0
 */
record LossTask(PartitionSetup setup, Sum sum, boolean exact, double[] point, double[] vector, double scale)
        implements PartitionedRows.Task<double[]> {
    /** The sums over the rows, and their layout in an array. */
    enum Sum {
        /** The gradient, then the loss. */
        LOSS,
        /** Parameters. */
        HESSIAN_PRODUCT,
        /** The whole Hessian: the elements on and above its diagonal, row by row. */
        HESSIAN,
        /** Classes × classes. */
        CURVATURE,
        /** One number. */
        NEGATIVE_ENTROPY
    }

    @Override
    public double[] run(RowPartition rows) {
        PartitionLoss partition = rows.loss(setup);
        int size = setup.size();
        int classes = setup.classes();
        return switch (sum) {
            case LOSS -> partition.evaluate(point, exact);
            case HESSIAN_PRODUCT -> partition.sum(point, exact, size, (loss, own) -> loss.hessianProduct(vector, own));
            case HESSIAN -> partition.sum(point, exact, size * (size + 1) / 2, LossTask::packUpper);
            case CURVATURE ->
                partition.sum(point, exact, classes * classes, (loss, own) -> {
                    double[][] mean = loss.meanCurvature();
                    for (int c = 0; c < classes; c++) {
                        System.arraycopy(mean[c], 0, own, c * classes, classes);
                    }
                });
            case NEGATIVE_ENTROPY ->
                partition.sum(point, exact, 1, (loss, own) -> own[0] = loss.meanNegativeEntropy(scale));
        };
    }

    private static void packUpper(RowLoss loss, double[] packed) {
        int size = loss.size();
        double[] hessian = new double[size * size];
        loss.hessian(hessian);
        int to = 0;
        for (int i = 0; i < size; i++) {
            System.arraycopy(hessian, i * size + i, packed, to, size - i);
            to += size - i;
        }
    }
}
