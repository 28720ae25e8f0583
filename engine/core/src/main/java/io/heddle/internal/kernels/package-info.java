/**
 * Kernels for floats in off-heap memory: each has a vector form and a scalar twin. The only package that uses the
 * Vector API. {@link io.heddle.internal.kernels.Simd} chooses the form, {@code TileShape} the tile.
 */
package io.heddle.internal.kernels;
