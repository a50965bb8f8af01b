/**
 * Serves models over HTTP: TensorFlow Serving's REST protocol in, {@link dev.rekur.inference.Predictor} out, and one
 * page to try a model on. {@link dev.rekur.server.TrainingWatch} shows a training while it goes.
 *
 * <p>May depend on the runtime and, at run time, on formats that register with it; what watches a training, and nothing else,
 * depends on the training, too. The command line and embedding applications depend on it. Nothing here knows a file format or a
 * layer.
 */
@NullMarked
package dev.rekur.server;

import org.jspecify.annotations.NullMarked;
