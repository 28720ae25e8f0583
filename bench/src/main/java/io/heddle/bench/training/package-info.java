/** Whole fits, each side at its own best way of doing the same work, with the quality that it reached. */
package io.heddle.bench.training;
