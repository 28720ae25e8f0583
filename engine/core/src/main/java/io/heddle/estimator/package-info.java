/** What fitted models have in common, whatever algorithm made them. */
package io.heddle.estimator;
