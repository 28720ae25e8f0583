/** The kernels of {@code io.heddle.internal.kernels} on their own: floating-point operations and bytes per second. */
package io.heddle.bench.kernels;
