/** Standard scores of classifications and clusterings. */
package io.heddle.metrics;
