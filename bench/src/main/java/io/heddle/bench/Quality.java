package io.heddle.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The quality of a result, computed after the measurement. JMH divides these counters by the time like the calls, so
 * their quotient is the mean quality per call.
 */
public final class Quality {
    private Quality() {}

    /** Quality of a classifier. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Accuracy {
        /** Accuracy on the test rows. */
        public double accuracy;
    }

    /** Quality of a clustering. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Inertia {
        /** Sum of squared distances of the rows to their assigned centres. */
        public double inertia;
    }

    /** Quality of principal components. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Variance {
        /** Share of the variance that the components explain. */
        public double variance;
    }
}
