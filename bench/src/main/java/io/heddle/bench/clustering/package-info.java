/** Clusterings of Fashion-MNIST with and without each step of the pipeline, for docs/clustering.md. */
package io.heddle.bench.clustering;
