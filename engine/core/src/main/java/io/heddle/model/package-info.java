/** Pipelines of models, model files, and ONNX import and export. */
package io.heddle.model;
