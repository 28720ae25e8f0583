/** Principal component analysis, and the small dense algebra in double that it stands on. */
package io.heddle.decomposition;
