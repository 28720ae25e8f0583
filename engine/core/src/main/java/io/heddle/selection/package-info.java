/** Model selection: stratified folds, cross-validation, and the search for a penalty. */
package io.heddle.selection;
