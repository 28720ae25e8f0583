/** The computations of the Fashion-MNIST study. Prints nothing. */
package io.heddle.cli.study;
