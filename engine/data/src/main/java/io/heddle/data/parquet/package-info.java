/**
 * Reads Parquet files without trusting them: every length is checked against the available bytes before memory is
 * allocated or bytes are unpacked, and every loop consumes bytes. Column chunks become doubles, page by page.
 *
 * <p>Written against the format's specification (github.com/apache/parquet-format), because the libraries tried were no
 * fit: one hands unchecked lengths to native code and loops endlessly on damaged pages, the other brings Hadoop.
 */
package io.heddle.data.parquet;
