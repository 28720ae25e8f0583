/** Exact nearest neighbours, the graph they form, and diffusion along it. */
package io.heddle.neighbors;
