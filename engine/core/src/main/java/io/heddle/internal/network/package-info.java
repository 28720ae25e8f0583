/** The layers of a convolutional network as a graph, and the text that files keep of it. */
package io.heddle.internal.network;
