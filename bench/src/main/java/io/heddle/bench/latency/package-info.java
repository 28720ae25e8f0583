/** Measures the distribution of latencies of single predictions, and their stability. */
package io.heddle.bench.latency;
