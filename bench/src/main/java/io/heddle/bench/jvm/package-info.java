/** Compares results under different JVMs, options and vector widths. */
package io.heddle.bench.jvm;
