/** Reads CSV and TSV tables. */
package io.heddle.data.csv;
