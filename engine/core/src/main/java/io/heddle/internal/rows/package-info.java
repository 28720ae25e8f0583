/** Samples of rows, elements of rows, rows of logits. */
package io.heddle.internal.rows;
