/** Predictions of the same model by both sides, a row or a batch at a time. */
package io.heddle.bench.prediction;
