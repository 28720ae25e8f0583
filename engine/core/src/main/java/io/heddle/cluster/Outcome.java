package io.heddle.cluster;

/**
 * The result of an algorithm, except for the centres.
 *
 * @param labels the cluster of each row
 * @param inertia Σ ‖row − its centre‖²
 * @param iterations iterations or batches
 * @param converged whether the stopping rule was met
 */
record Outcome(int[] labels, double inertia, int iterations, boolean converged) {}
