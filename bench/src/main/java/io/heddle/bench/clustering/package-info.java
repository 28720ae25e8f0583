/** Clusterings of Fashion-MNIST by every step of the pipeline with and without, for docs/clustering.md. */
package io.heddle.bench.clustering;
