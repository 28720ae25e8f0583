package io.heddle.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Counters of operations and bytes, which JMH divides by the time. A fused multiply-add is two operations. The bytes
 * are those that the kernel must read and write once.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {
    public double flops;
    public double bytes;

    /** Adds the counts of one call. */
    public void add(double someFlops, double someBytes) {
        flops += someFlops;
        bytes += someBytes;
    }
}
