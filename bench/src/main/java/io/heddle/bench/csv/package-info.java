/** The speed at which tables of text are read, beside FastCSV alone. */
package io.heddle.bench.csv;
