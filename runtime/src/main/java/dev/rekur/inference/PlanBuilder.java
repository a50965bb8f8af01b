package dev.rekur.inference;

import dev.rekur.error.InvalidInputException;
import dev.rekur.graph.Value;
import dev.rekur.layer.Operation;
import dev.rekur.plan.PlanLayout;
import dev.rekur.plan.Stage;
import dev.rekur.plan.StageCall;
import dev.rekur.plan.Stages;
import dev.rekur.tensor.FloatTensor;
import dev.rekur.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes a {@link Plan}: lays the stages out and binds the forward computation of every layer. */
final class PlanBuilder implements PlanLayout.Binder, StageCall.Values {
    private final Stages stages;
    private final SharedValues shared;
    private final IdleBudget budget;
    private final PlanLayout layout;
    private final List<Operation> operations = new ArrayList<>();

    /**
     * @param keepAll true if every value is to be there when the run ends
     */
    PlanBuilder(Stages stages, SharedValues shared, IdleBudget budget, boolean keepAll) {
        this.stages = stages;
        this.shared = shared;
        this.budget = budget;
        PlanLayout.Lifetime lifetime = keepAll ? PlanLayout.Lifetime.WHOLE_RUN : PlanLayout.Lifetime.LAST_USE;
        this.layout = new PlanLayout(stages, this, lifetime, this);
    }

    /**
     * The plan.
     *
     * @param given shapes of the values that come from outside: the model's inputs, and what text layers made
     * @throws InvalidInputException if the inputs do not fit together
     */
    Plan build(Map<Value, Shape> given) {
        layout.build(given);
        return new Plan(
                operations,
                stages.outputs().stream().map(layout::slot).toList(),
                stages.outputs().stream().map(layout::shape).toList(),
                layout.slots(),
                layout.shapes(),
                layout.stateRowSizes(),
                layout.table(),
                stages.joinRows(),
                budget);
    }

    @Override
    public void operation(Operation operation) {
        operations.add(operation);
    }

    @Override
    public void stage(StageCall call) {
        operations.add(call.stage().layer().forward(call.binding()));
    }

    @Override
    public FloatTensor weight(Stage stage, String path) {
        return stage.weights().apply(path);
    }

    @Override
    public <T> T shared(Stage stage, String key, Supplier<T> maker) {
        return shared.get(stage.name(), key, maker);
    }
}
