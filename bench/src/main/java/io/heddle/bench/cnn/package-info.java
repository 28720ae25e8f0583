/** Benchmarks of the encoders. */
package io.heddle.bench.cnn;
