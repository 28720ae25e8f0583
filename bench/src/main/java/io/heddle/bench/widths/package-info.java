/** Measures every kernel at every width of vectors and the limits of the processor. */
package io.heddle.bench.widths;
