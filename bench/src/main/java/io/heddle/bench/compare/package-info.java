/**
 * The Heddle process of {@code bench/compare}. It runs tasks for the driver, which runs the same tasks with the peers
 * and evaluates the results.
 */
package io.heddle.bench.compare;
