/** Clustering by heads that agree with their nearest neighbours. */
package io.heddle.cluster.consensus;
