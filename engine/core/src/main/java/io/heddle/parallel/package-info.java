/** One fixed pool of workers with results that do not depend on its size. */
package io.heddle.parallel;
