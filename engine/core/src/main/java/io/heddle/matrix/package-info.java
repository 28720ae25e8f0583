/** Off-heap matrices, and the exception for invalid input. */
package io.heddle.matrix;
