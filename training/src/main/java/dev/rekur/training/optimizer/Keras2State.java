package dev.rekur.training.optimizer;

import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the state that Keras 2 kept of an optimizer what Keras 3 keeps. There are four forms:
 *
 * <ul>
 *   <li>{@code Adam/lstm/kernel/m:0}: TensorFlow 2.0 to 2.10, first all {@code m}, then all {@code v}; the name says which
 *   <li>{@code Adam/m/lstm/kernel:0}: Keras 2.11 to 2.15, in Keras 3's order; an archive has the order without names
 *   <li>{@code training/Adam/m_0:0}: Keras 2.3, numbered by weight
 *   <li>{@code training/Adam/Variable_3:0}: Keras before 2.3, all of one kind before all of the next, in the order of the kinds
 * </ul>
 *
 * <p>What has no place in one of them is never guessed: then there is a reason instead of a state. Follows {@code
 * keras/optimizers.py} of Keras 2.1 to 2.3, and {@code optimizers/legacy} and {@code optimizers/optimizer.py} of tf_keras.
 */
final class Keras2State {
    private static final Set<String> ITERATION = Set.of("iter", "iteration", "iterations");
    private static final Set<String> RATES = Set.of("learning_rate", "decay");

    private final List<Slot> slots;
    private final Map<Slot, FloatTensor> found = new LinkedHashMap<>();
    private final List<OptimizerVariable> rest;
    private @Nullable OptimizerVariable iteration;

    /** Reads a state; {@link #reason} says whether that was possible. */
    Keras2State(List<OptimizerVariable> stored, List<Slot> slots) {
        this.slots = slots;
        this.rest = new ArrayList<>(stored);
        takeCounters();
    }

    private void takeCounters() {
        for (OptimizerVariable variable : List.copyOf(rest)) {
            if (variable.value().shape().rank() > 0) {
                continue;
            }
            String last = last(variable);
            boolean first = iteration == null && rest.get(0) == variable;
            if (ITERATION.contains(last) || first && isNumbered(variable)) {
                iteration = variable;
                rest.remove(variable);
            } else if (RATES.contains(last)) {
                rest.remove(variable);
            }
        }
    }

    /** How many steps were taken; optimizers that do without the number did not keep it before Keras 2.3. */
    Optional<OptimizerVariable> iteration() {
        return Optional.ofNullable(iteration);
    }

    /** Why the state cannot be taken over; empty if {@link #values} has it. */
    Optional<String> reason() {
        if (rest.isEmpty()) {
            return Optional.empty(); // never trained, or nothing is kept
        }
        List<Slot> own = slots.stream().filter(slot -> !slot.isShared()).toList();
        Optional<String> missing = rest.stream().allMatch(Keras2State::isNumbered)
                ? numbered(own)
                : rest.stream().allMatch(variable -> last(variable).equals("Variable")) ? unnamed(own) : named();
        return missing.or(this::misshapen);
    }

    /** Values of slots; those that have none begin as they always do. */
    Map<Slot, FloatTensor> values() {
        return found;
    }

    /** An archive's: the order is Keras 3's, but SGD keeps momenta that it does not use. */
    private Optional<String> numbered(List<Slot> own) {
        if (own.isEmpty()) {
            return Optional.empty();
        }
        if (rest.size() != own.size()) {
            return count(own.size());
        }
        for (int i = 0; i < own.size(); i++) {
            found.put(own.get(i), rest.get(i).value());
        }
        return Optional.empty();
    }

    private Optional<String> unnamed(List<Slot> own) {
        List<SlotKind> kinds = own.stream().map(Slot::kind).distinct().toList();
        if (kinds.isEmpty()) {
            return Optional.empty(); // momenta of an SGD without momentum
        }
        if (slots.stream().anyMatch(Slot::isShared)) {
            return Optional.of("Keras before 2.3 did not keep what all weights have in common");
        }
        if (rest.size() != own.size() && !endsInPlaceholders(own.size(), own.size() / kinds.size())) {
            return count(own.size());
        }
        int next = 0;
        for (SlotKind kind : kinds) {
            for (Slot slot : own) {
                if (slot.kind().equals(kind)) {
                    found.put(slot, rest.get(next++).value());
                }
            }
        }
        return Optional.empty();
    }

    /** Adam has a number in place of each array that only amsgrad needs. */
    private boolean endsInPlaceholders(int from, int count) {
        return rest.size() == from + count
                && rest.subList(from, rest.size()).stream()
                        .allMatch(variable -> variable.value().shape().equals(Shape.of(1)));
    }

    private Optional<String> named() {
        Map<SlotKind, List<Slot>> byKind = new LinkedHashMap<>();
        slots.forEach(slot ->
                byKind.computeIfAbsent(slot.kind(), kind -> new ArrayList<>()).add(slot));
        for (Map.Entry<SlotKind, List<Slot>> kind : byKind.entrySet()) {
            List<OptimizerVariable> stored = rest.stream()
                    .filter(variable -> isOf(variable, kind.getKey()))
                    .toList();
            List<Slot> wanted = kind.getValue();
            if (stored.isEmpty() && wanted.get(0).isShared()) {
                continue;
            }
            Map<String, OptimizerVariable> byWeight = new HashMap<>();
            stored.forEach(variable -> byWeight.put(Objects.requireNonNullElse(variable.weight(), ""), variable));
            boolean said = byWeight.size() == stored.size() && !byWeight.containsKey("");
            if (said && !wanted.stream().allMatch(slot -> byWeight.containsKey(slot.weight()))) {
                return Optional.of("there is no '" + kind.getKey().name() + "' of some weights that are trained");
            }
            if (!said && stored.size() != wanted.size()) {
                return Optional.of("expected '" + kind.getKey().name() + "' of " + wanted.size() + " weights, found "
                        + stored.size());
            }
            for (int i = 0; i < wanted.size(); i++) {
                Slot slot = wanted.get(i);
                OptimizerVariable variable = said ? byWeight.get(slot.weight()) : stored.get(i);
                found.put(slot, Objects.requireNonNull(variable).value());
            }
        }
        return Optional.empty();
    }

    /** Whether a name says that a variable is of a kind, behind the weight's name or before it. */
    private boolean isOf(OptimizerVariable variable, SlotKind kind) {
        String last = last(variable);
        if (slots.stream().anyMatch(slot -> slot.kind().isCalled(last))) {
            return kind.isCalled(last);
        }
        String[] parts = plain(variable).split("/");
        return parts.length > 2 && kind.isCalled(parts[1]);
    }

    private Optional<String> count(int expected) {
        return Optional.of("expected " + expected + " variables beside the iteration, found " + rest.size());
    }

    private Optional<String> misshapen() {
        for (Map.Entry<Slot, FloatTensor> entry : found.entrySet()) {
            Shape expected = entry.getKey().shape();
            if (!entry.getValue().shape().equals(expected)) {
                return Optional.of("'" + entry.getKey().name() + "': expected shape " + expected + ", found "
                        + entry.getValue().shape());
            }
        }
        return Optional.empty();
    }

    private static boolean isNumbered(OptimizerVariable variable) {
        return variable.name().startsWith("vars/");
    }

    private static String plain(OptimizerVariable variable) {
        return variable.name().replaceFirst(":\\d+$", "");
    }

    /** The last part of the name, without the numbers that make it unique. */
    private static String last(OptimizerVariable variable) {
        String name = plain(variable);
        return name.substring(name.lastIndexOf('/') + 1).replaceFirst("(_\\d+)+$", "");
    }
}
