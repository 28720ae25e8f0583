package io.heddle.linear;

/** A penalty that is a sum over single parameters, minimized by coordinate descent. */
non-sealed interface SeparablePenalty extends Penalty {
    /** Weight of the kink at parameter i; 0 if there is none. */
    double kink(int i);

    /** The proximal step: the minimizer of ½ a (u − z)² + kink |u| at parameter i. */
    double shrink(int i, double z, double a);

    @Override
    SeparablePenalty times(double strength);
}
