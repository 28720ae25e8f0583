/** How time and memory grow with the number of rows, over a file mapped into memory; {@code bench/growth}. */
package io.heddle.bench.growth;
