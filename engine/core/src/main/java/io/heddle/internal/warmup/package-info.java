/** Compiles the kernels before they are needed. */
package io.heddle.internal.warmup;
