/** Multinomial logistic regression, with separate loss, penalty and solver. */
package io.heddle.linear;
