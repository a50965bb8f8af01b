package dev.rekur.training.diagnosis;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Losses and metrics with {@code from_logits=True} of an output that is no logits, because it ends in a softmax or sigmoid. */
final class FromLogitsRule implements Rule {
    @Override
    public List<Finding> findings(Facts facts) {
        if (facts.fromLogits().isEmpty()) {
            return List.of();
        }
        Set<String> claims = new TreeSet<>();
        for (FromLogits claim : facts.fromLogits()) {
            String activation = claim.activation();
            claims.add("the " + claim.reader() + " of output '" + claim.output() + "' has from_logits=True, but layer '"
                    + claim.layer() + "' ends in " + activation
                    + (claim.ofLogits()
                            ? "; it is computed of what goes into the " + activation
                                    + ", as Keras on TensorFlow does, while Keras on JAX and PyTorch applies "
                                    + activation
                                    + " twice"
                            : "; it applies an activation to the output of the " + activation + ", as Keras does"));
        }
        return List.of(
                new Finding(
                        Finding.Kind.FROM_LOGITS,
                        String.join(". ", claims) + ".",
                        "Leave out from_logits=True, or take the activation off the layer (activation=None); all backends of Keras then agree."));
    }
}
