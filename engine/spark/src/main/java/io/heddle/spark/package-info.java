/**
 * Heddle's algorithms as estimators and models of Spark ML, with MLlib's own parameter names. Each partition is read
 * once into off-heap blocks of its executor, and only sums are sent.
 */
package io.heddle.spark;
