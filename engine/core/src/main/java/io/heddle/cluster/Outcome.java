package io.heddle.cluster;

/**
 * What an algorithm reports beside the centres.
 *
 * @param labels the cluster of each row
 * @param inertia Σ ‖row − its centre‖²
 * @param iterations iterations or batches
 * @param converged whether it stopped by its own rule
 */
record Outcome(int[] labels, double inertia, int iterations, boolean converged) {}
