/** Dense linear algebra: Cholesky factors, eigenproblems, reflectors, orthonormal bases. */
package io.heddle.internal.linalg;
