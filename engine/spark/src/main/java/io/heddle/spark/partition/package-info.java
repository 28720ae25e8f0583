/**
 * Rows of a data set as off-heap blocks inside Spark's executors, and sums over them in a fixed order. Not a public
 * API.
 */
package io.heddle.spark.partition;
