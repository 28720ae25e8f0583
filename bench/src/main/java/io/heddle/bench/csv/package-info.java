/** Measures the speed of reading CSV files, compared with FastCSV alone. */
package io.heddle.bench.csv;
