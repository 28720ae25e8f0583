/** Fits by both libraries with their best configuration for the same task, and the quality of the results. */
package io.heddle.bench.training;
