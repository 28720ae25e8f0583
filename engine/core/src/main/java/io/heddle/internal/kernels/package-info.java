/**
 * Kernels for floats in off-heap memory: each in a vector form and a plain twin. The only package that uses the Vector
 * API. {@link io.heddle.internal.kernels.Simd} decides which form runs, {@code TileShape} which tile.
 */
package io.heddle.internal.kernels;
