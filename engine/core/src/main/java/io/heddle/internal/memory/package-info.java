/** Off-heap memory, in large pages where the system supports them. */
package io.heddle.internal.memory;
