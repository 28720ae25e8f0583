/** Predictions of the same model by both libraries, for single rows and batches. */
package io.heddle.bench.prediction;
