package io.heddle.bench.compare;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Loops that reach the peak rate of the processor's arithmetic units, without access to memory. */
final class MultiplyAdds {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Independent sums: two units with a latency of four or five cycles need ten; 16 registers hold twelve. */
    private static final int SUMS = 12;
    /** Operations of one fused multiply-add of a vector. */
    static final double FLOPS_EACH = 2.0 * SPECIES.length();
    /** Operations of one step of {@link #run}. */
    static final double FLOPS_A_STEP = SUMS * FLOPS_EACH;
    /**
     * Cycles of one step of {@link #chain}: three of a 64-bit multiplication and one of an addition, on Intel's
     * processors since Nehalem and AMD's since Zen (Agner Fog, "Instruction tables").
     */
    static final double CHAIN_CYCLES = 4;

    private MultiplyAdds() {}

    /**
     * Steps of twelve independent sums; the result depends on all of them. The product is added to the sum: a sum that
     * was multiplied would be copied first, because C2 only uses the instruction that overwrites the term. Ice Lake
     * then reaches five sixths of its rate.
     */
    static double run(int steps) {
        FloatVector factor = FloatVector.broadcast(SPECIES, 0.75f);
        FloatVector term = FloatVector.broadcast(SPECIES, 0.5f);
        // Each sum starts with a different value, so that the compiler does not merge them.
        FloatVector s0 = FloatVector.broadcast(SPECIES, 0.1f);
        FloatVector s1 = s0.add(term);
        FloatVector s2 = s1.add(term);
        FloatVector s3 = s2.add(term);
        FloatVector s4 = s3.add(term);
        FloatVector s5 = s4.add(term);
        FloatVector s6 = s5.add(term);
        FloatVector s7 = s6.add(term);
        FloatVector s8 = s7.add(term);
        FloatVector s9 = s8.add(term);
        FloatVector s10 = s9.add(term);
        FloatVector s11 = s10.add(term);
        for (int i = 0; i < steps; i++) {
            s0 = factor.fma(term, s0);
            s1 = factor.fma(term, s1);
            s2 = factor.fma(term, s2);
            s3 = factor.fma(term, s3);
            s4 = factor.fma(term, s4);
            s5 = factor.fma(term, s5);
            s6 = factor.fma(term, s6);
            s7 = factor.fma(term, s7);
            s8 = factor.fma(term, s8);
            s9 = factor.fma(term, s9);
            s10 = factor.fma(term, s10);
            s11 = factor.fma(term, s11);
        }
        FloatVector first = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
        return first.add(s6).add(s7).add(s8).add(s9).add(s10).add(s11).lane(0);
    }

    /** Runs steps that each depend on the previous one. */
    static long chain(int steps, long seed) {
        long x = seed;
        long factor = seed | 0x5851f42d4c957f2dL;
        for (int i = 0; i < steps; i++) {
            x = x * factor + seed;
        }
        return x;
    }
}
