/** Shared by several formats: tables in memory, the choice of columns, class names. */
package io.heddle.data.rows;
