package io.heddle.linear;

/**
 * The damping of an estimated Hessian and the number of sweeps of coordinate descent on it. Columns of fits without
 * intercepts are not centred, so their means can make them nearly collinear: descent then needs more sweeps, and
 * damping would exceed the curvature along the differences of columns.
 *
 * @param damping the start of {@link Damping}
 * @param maximumSweeps for few coordinates
 */
record DescentEffort(double damping, int maximumSweeps) {
    private static final DescentEffort CENTRED = new DescentEffort(1.02, 30);
    private static final DescentEffort UNCENTRED = new DescentEffort(1, 3_000);
    /** Operations of all sweeps above the minimum. */
    private static final double SWEEP_BUDGET = 5e8;

    static DescentEffort of(RowLoss rows) {
        return rows.transform().constant() == 0 ? UNCENTRED : CENTRED;
    }

    int sweeps(int coordinates) {
        double affordable = SWEEP_BUDGET / ((double) coordinates * coordinates);
        return (int) Math.clamp(affordable, CENTRED.maximumSweeps, maximumSweeps);
    }
}
