/** Matrix products: blocking, packing of panels, and the loops around the tiles. */
package io.heddle.internal.gemm;
