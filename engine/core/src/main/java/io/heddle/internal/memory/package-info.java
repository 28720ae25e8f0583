/** Off-heap memory, in large pages where the system gives them. */
package io.heddle.internal.memory;
