/**
 * Finds labels that are likely wrong: probabilities of each row from models that have not seen it, and what they say
 * about the label it was given.
 */
package io.heddle.audit;
