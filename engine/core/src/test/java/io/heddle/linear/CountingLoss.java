package io.heddle.linear;

import java.util.Arrays;

/** A loss that counts its calls, and may refuse to compute whole Hessians. */
final class CountingLoss implements RowLoss {
    private final RowLoss loss;
    private final int maximumDense;
    private final long rows;
    private boolean failing;
    private int products;
    private int estimates;
    private int hessians;

    /** @param dense whether whole Hessians are computed */
    CountingLoss(RowLoss loss, boolean dense) {
        this(loss, dense, loss.rows());
    }

    /** @param rows the number of rows from which the cost of whole Hessians is computed */
    CountingLoss(RowLoss loss, boolean dense, long rows) {
        this.loss = loss;
        this.rows = rows;
        maximumDense = dense ? loss.maximumDense() : 0;
    }

    /** From now on Hessian products are not numbers. */
    void failProducts() {
        failing = true;
    }

    int products() {
        return products;
    }

    /** How often rows were used for an estimated Hessian. */
    int estimates() {
        return estimates;
    }

    int hessians() {
        return hessians;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public RowLoss curvatureRows() {
        estimates++;
        return loss;
    }

    @Override
    public void hessianProduct(double[] v, double[] hv) {
        products++;
        loss.hessianProduct(v, hv);
        if (failing) {
            Arrays.fill(hv, Double.NaN);
        }
    }

    @Override
    public int maximumDense() {
        return maximumDense;
    }

    @Override
    public void hessian(double[] hessian) {
        hessians++;
        loss.hessian(hessian);
    }

    @Override
    public TrainingRows data() {
        return loss.data();
    }

    @Override
    public void probabilities(int row, float[] p) {
        loss.probabilities(row, p);
    }

    @Override
    public double rounding() {
        return loss.rounding();
    }

    @Override
    public boolean exact() {
        return loss.exact();
    }

    @Override
    public double evaluate(double[] parameters, double[] gradient) {
        return loss.evaluate(parameters, gradient);
    }

    @Override
    public void setDirection(double[] direction) {
        loss.setDirection(direction);
    }

    @Override
    public double lossAlong(double t) {
        return loss.lossAlong(t);
    }

    @Override
    public double advance(double t, double[] gradient) {
        return loss.advance(t, gradient);
    }

    @Override
    public double meanNegativeEntropy(double s) {
        return loss.meanNegativeEntropy(s);
    }

    @Override
    public double[][] meanCurvature() {
        return loss.meanCurvature();
    }

    @Override
    public int passes() {
        return loss.passes();
    }

    @Override
    public void close() {
        loss.close();
    }
}
