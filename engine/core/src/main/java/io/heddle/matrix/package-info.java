/** Float matrices that live outside the Java heap, and the errors that callers of the engine can cause. */
package io.heddle.matrix;
