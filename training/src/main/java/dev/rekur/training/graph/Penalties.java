package dev.rekur.training.graph;

import dev.rekur.training.regularizer.Regularizer;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What the weights cost: the regularizers of all variables that are trained. */
public final class Penalties {
    /** A regularizer of a variable. */
    private record Term(int variable, Variable of, Regularizer regularizer) {}

    private final List<Term> terms = new ArrayList<>();

    Penalties(List<Variable> trainable, WeightRules rules) {
        for (int i = 0; i < trainable.size(); i++) {
            Variable variable = trainable.get(i);
            int index = i;
            rules.regularizer(variable).ifPresent(regularizer -> terms.add(new Term(index, variable, regularizer)));
        }
    }

    /** The cost of the weights as they are now. */
    public double value() {
        double value = 0;
        for (int i = 0; i < terms.size(); i++) { // no iterator: this runs in each step
            Term term = terms.get(i);
            value += term.regularizer().value(term.of().values(), term.of().shape());
        }
        return value;
    }

    /** Which variables have a regularizer. */
    public IntStream variables() {
        return terms.stream().mapToInt(Term::variable);
    }

    /** Adds its gradient. */
    public void addGradients(float[][] gradients) {
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            term.regularizer().addGradient(term.of().values(), term.of().shape(), gradients[term.variable()]);
        }
    }
}
