/** Statistics of columns that the algorithms check before they start: moments, spread, finite values. */
package io.heddle.internal.columns;
