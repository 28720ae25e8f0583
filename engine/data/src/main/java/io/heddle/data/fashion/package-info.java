/** Fashion-MNIST: found on this machine, or downloaded and checked. */
package io.heddle.data.fashion;
