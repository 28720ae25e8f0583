/**
 * Encoders: networks that compute a row of features for an image.
 *
 * <p>Start with {@link io.heddle.cnn.Encoder}. An encoder is embedded or a file of the caller. TorchScript files are
 * code: open only files from a trusted source.
 */
package io.heddle.cnn;
