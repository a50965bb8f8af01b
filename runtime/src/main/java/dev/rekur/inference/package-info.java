/** Plans, made once for a shape of input, and the predictors that run them. For users, and for Model, which has one predictor of its own. */
@NullMarked
package dev.rekur.inference;

import org.jspecify.annotations.NullMarked;
