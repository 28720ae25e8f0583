/**
 * Kernels on off-heap floats, each in two forms: one written with the Vector API and one plain. This is the only
 * package that imports {@code jdk.incubator.vector}.
 */
package io.heddle.simd;
