/** K-means clustering: greedy seeding, Lloyd's algorithm and mini-batches. */
package io.heddle.cluster;
