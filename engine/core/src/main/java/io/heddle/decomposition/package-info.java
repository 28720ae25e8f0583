/** Principal component analysis and row normalization. */
package io.heddle.decomposition;
