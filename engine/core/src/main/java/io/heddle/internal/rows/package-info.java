/** Samples of rows. */
package io.heddle.internal.rows;
