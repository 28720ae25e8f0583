/** The Fashion-MNIST study as pure computation: what runs, in which order, and what comes out. Nothing here prints. */
package io.heddle.cli.study;
