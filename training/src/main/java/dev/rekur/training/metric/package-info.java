/** Keras's metrics: figures over an epoch, from targets and predictions batch by batch. For the trainer; knows no layer and no file format. */
@NullMarked
package dev.rekur.training.metric;

import org.jspecify.annotations.NullMarked;
