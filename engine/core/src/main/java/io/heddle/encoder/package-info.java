/** Image features by SIMD convolutions: networks of Heddle's own, run without a native library. */
package io.heddle.encoder;
