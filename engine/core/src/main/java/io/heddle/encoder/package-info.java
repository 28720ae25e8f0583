/** Image features by SIMD convolutions, without a native library. */
package io.heddle.encoder;
