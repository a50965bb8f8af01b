package dev.rekur.training.optimizer;

import dev.rekur.error.InvalidInputException;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import dev.rekur.training.optimizer.schedule.Schedule;
import dev.rekur.training.variable.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The arrays that an optimizer keeps, in the order in which Keras keeps them and writes them into a file.
 *
 * <p>Iteration and learning rate (unless it is a schedule) come first; then, each where it is used, the averages of all
 * weights, the accumulated gradients of all, the optimizer's own slots, and what it keeps for all variables together.
 */
final class StateVariables {
    private final boolean scheduled;
    private final List<Slot> slots = new ArrayList<>();
    private final float[][] averages;
    private final float[][] accumulated;
    private final float[][][] own;

    StateVariables(TunableOptimizer<?> optimizer, UpdateRule rule, List<Variable> variables) {
        CommonOptions options = optimizer.options();
        scheduled = options.learningRate() instanceof Schedule;
        averages = options.useEma() ? add(variables, "average") : new float[0][];
        accumulated = options.accumulates() ? add(variables, "gradient_accumulator") : new float[0][];
        List<SlotKind> kinds = optimizer.slots().stream().flatMap(List::stream).toList();
        own = new float[variables.size()][kinds.size()][];
        int first = 0;
        for (List<SlotKind> group : optimizer.slots()) {
            for (int variable = 0; variable < own.length; variable++) {
                for (int kind = 0; kind < group.size(); kind++) {
                    Slot slot = Slot.of(variables.get(variable), group.get(kind));
                    slots.add(slot);
                    own[variable][first + kind] = slot.values();
                }
            }
            first += group.size();
        }
        slots.addAll(rule.shared());
    }

    private float[][] add(List<Variable> variables, String name) {
        List<Slot> added = variables.stream()
                .map(variable -> Slot.of(variable, SlotKind.zeros(name)))
                .toList();
        slots.addAll(added);
        return added.stream().map(Slot::values).toArray(float[][]::new);
    }

    /** By variable; none without averages. */
    float[][] averages() {
        return averages;
    }

    /** By variable; none without accumulation. */
    float[][] accumulated() {
        return accumulated;
    }

    /** By variable: the optimizer's own slots. */
    float[][][] own() {
        return own;
    }

    /** Everything behind iteration and learning rate, in the file's order. */
    List<Slot> slots() {
        return slots;
    }

    /** Copies of everything, in the file's order. */
    List<OptimizerVariable> write(long iterations, float learningRate) {
        List<Slot> all = new ArrayList<>();
        if (!scheduled) {
            all.add(Slot.scalar("learning_rate", learningRate));
        }
        all.addAll(slots);
        List<OptimizerVariable> variables = new ArrayList<>();
        variables.add(OptimizerVariable.whole("vars/0", iterations));
        for (Slot slot : all) {
            variables.add(new OptimizerVariable("vars/" + variables.size(), slot.toTensor()));
        }
        return variables;
    }

    /** Iteration and learning rate of a file. */
    record Counters(long iterations, float learningRate) {}

    /**
     * Takes over what a file holds: everything, or, from a model that was never trained, iteration and learning rate alone.
     *
     * @throws InvalidInputException if it is not what this optimizer keeps for these variables; then nothing has changed
     */
    Counters read(List<OptimizerVariable> variables, float learningRate) {
        int counters = scheduled ? 1 : 2;
        int complete = counters + slots.size();
        if (variables.size() != counters && variables.size() != complete) {
            throw new InvalidInputException("optimizer state: expected " + complete + " variables, or " + counters
                    + " from a model that was never trained, found " + variables.size()
                    + ". It belongs to another optimizer, or other weights were trained; start with a new state.");
        }
        for (int i = 0; i < variables.size(); i++) {
            String name = i >= counters ? slots.get(i - counters).name() : i == 0 ? "iteration" : "learning_rate";
            Shape expected = i >= counters ? slots.get(i - counters).shape() : Shape.of();
            FloatTensor found = variables.get(i).value();
            if (!found.shape().equals(expected)) {
                throw new InvalidInputException("optimizer state: variable " + i + " ('"
                        + variables.get(i).name() + "' in the file): expected shape " + expected + " of '" + name
                        + "', found " + found.shape()
                        + ". It belongs to another optimizer, or other weights were trained; start with a new state.");
            }
        }
        long iterations = iterations(variables.get(0));
        for (int i = counters; i < variables.size(); i++) {
            FloatTensor value = variables.get(i).value();
            value.copyTo(0, slots.get(i - counters).values(), 0, value.size());
        }
        float rate = scheduled ? learningRate : variables.get(1).value().get(0);
        return new Counters(iterations, rate);
    }

    /**
     * Takes over what Keras 2 kept.
     *
     * @param beginShared sets what is kept for all variables together to what it is after so many steps, where the file lacks it
     * @return how many steps were taken, or why the state cannot be taken over; then nothing has changed
     */
    Taken readKeras2(List<OptimizerVariable> variables, LongConsumer beginShared) {
        Keras2State state = new Keras2State(variables, slots);
        Optional<String> reason = state.reason();
        if (reason.isPresent()) {
            return new Taken(0, reason);
        }
        long iterations = state.iteration().map(StateVariables::iterations).orElse(0L);
        if (!slots.stream().filter(Slot::isShared).allMatch(state.values()::containsKey)) {
            beginShared.accept(iterations);
        }
        state.values().forEach((slot, value) -> value.copyTo(0, slot.values(), 0, value.size()));
        return new Taken(iterations, reason);
    }

    /** What came of a state of Keras 2. */
    record Taken(long iterations, Optional<String> reason) {}

    private static long iterations(OptimizerVariable variable) {
        Long whole = variable.whole();
        float rounded = variable.value().get(0);
        if (whole == null ? !(rounded >= 0) || rounded != (long) rounded : whole < 0) {
            throw new InvalidInputException("optimizer state: expected a whole number of iterations from 0 on, found "
                    + (whole == null ? String.valueOf(rounded) : whole));
        }
        return whole == null ? (long) rounded : whole;
    }
}
