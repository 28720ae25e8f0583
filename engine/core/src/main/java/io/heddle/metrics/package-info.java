/** How good a classification or a clustering is, in the field's standard scores. */
package io.heddle.metrics;
