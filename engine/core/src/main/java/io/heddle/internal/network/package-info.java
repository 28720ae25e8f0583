/** The layers of a convolutional network as a graph, and its text form in files. */
package io.heddle.internal.network;
