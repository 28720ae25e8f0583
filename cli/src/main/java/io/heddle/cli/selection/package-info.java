/** The search for the penalty of a classifier: paths of falling λ, cross-validation, the one-standard-error rule. */
package io.heddle.cli.selection;
