/** Multinomial logistic regression: loss, penalty and solver apart. */
package io.heddle.linear;
