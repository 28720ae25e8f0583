package io.heddle.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What a benchmark did: JMH divides both by the time, which gives operations and bytes per second. A fused multiply-add
 * is two operations; bytes are those that the kernel has to read and write once, wherever they lie.
 */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Work {
    public double flops;
    public double bytes;

    /** Adds what one call did. */
    public void add(double someFlops, double someBytes) {
        flops += someFlops;
        bytes += someBytes;
    }
}
