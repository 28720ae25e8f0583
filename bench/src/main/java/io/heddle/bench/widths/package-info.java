/** Every kernel at every width of vectors, beside what the processor could do. */
package io.heddle.bench.widths;
