/** K-means clustering: greedy seeding, Lloyd's algorithm and mini-batches over one fused assignment sweep. */
package io.heddle.cluster;
