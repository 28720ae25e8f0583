/** Finds labels that are probably wrong, duplicates and outliers. */
package io.heddle.audit;
