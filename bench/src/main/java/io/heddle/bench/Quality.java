package io.heddle.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * How good a result was, judged after the clock has stopped. JMH divides what is counted here by the time as it does
 * the calls, so that the quotient of both is the mean quality of a call.
 */
public final class Quality {
    private Quality() {}

    /** Of a classifier. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Accuracy {
        /** Share of unseen rows whose class was found. */
        public double accuracy;
    }

    /** Of a clustering. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Inertia {
        /** Sum of squared distances from each row to the centre that it was given to. */
        public double inertia;
    }

    /** Of principal components. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Variance {
        /** Share of the variance that the components capture. */
        public double variance;
    }
}
