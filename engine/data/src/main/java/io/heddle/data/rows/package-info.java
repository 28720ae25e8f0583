/** Rows and columns that several formats share: tables in memory, the choice of columns, names of classes. */
package io.heddle.data.rows;
