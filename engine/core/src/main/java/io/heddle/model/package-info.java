/** Models put to use: pipelines for one row at a time, model files, and export to ONNX. */
package io.heddle.model;
