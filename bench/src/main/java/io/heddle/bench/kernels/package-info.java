/** The kernels of {@code io.heddle.simd} on their own: floating-point operations and bytes per second. */
package io.heddle.bench.kernels;
