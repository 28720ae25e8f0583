package io.heddle.internal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LanesTest {
    /** Set by the builds that run this suite again with narrower vectors. */
    private static final Integer MAXIMUM_LANES = Integer.getInteger("heddle.test.maximumLanes");

    @Test
    void theVectorsHaveTheWidthOfThisRun() {
        assertThat(Simd.kernels()).isInstanceOf(VectorKernels.class);
        assertThat(Simd.lanes()).isIn(2, 4, 8, 16).isEqualTo(VectorKernels.LANES);
        if (MAXIMUM_LANES != null) {
            assertThat(Simd.lanes()).isLessThanOrEqualTo(MAXIMUM_LANES);
        }
    }

    @Test
    void aTileIsAWholeNumberOfVectors() {
        assertThat(Kernels.TILE_COLUMNS % (2 * Simd.lanes())).isZero();
        assertThat(16 % Simd.lanes()).isZero();
    }
}
