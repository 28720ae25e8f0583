/**
 * Reads Parquet files without trusting them: every length is checked against the available bytes before memory is
 * allocated or bytes are unpacked, and every loop consumes bytes. Column chunks become doubles, page by page.
 *
 * <p>Implements the specification of the format (github.com/apache/parquet-format). The available libraries were not
 * suitable: one passes unchecked lengths to native code and loops endlessly on damaged pages, the other depends on
 * Hadoop.
 */
package io.heddle.data.parquet;
