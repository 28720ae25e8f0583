/** Benchmarks of the networks that make features. */
package io.heddle.bench.cnn;
