/**
 * Encoders: networks that turn an image into a row of features.
 *
 * <p>Start with {@link io.heddle.cnn.Encoder}. An encoder is a TorchScript file, one embedded here or one of the
 * caller's; TorchScript is code, so only files from a trusted source are to be opened.
 */
package io.heddle.cnn;
