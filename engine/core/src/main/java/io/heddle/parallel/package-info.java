/** A fixed pool of worker threads. Results do not depend on its size. */
package io.heddle.parallel;
