/** Measures how time and memory grow with the number of rows of a mapped file; {@code bench/growth}. */
package io.heddle.bench.growth;
