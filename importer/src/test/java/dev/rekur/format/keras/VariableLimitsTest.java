package dev.rekur.format.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekur.Rekur;
import dev.rekur.error.ModelFormatException;
import dev.rekur.format.hdf5.CraftedFile;
import dev.rekur.format.hdf5.Hdf5Dataset;
import dev.rekur.format.hdf5.Hdf5File;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.WeightSettings;
import dev.rekur.model.CompileConfiguration.OptimizerVariable;
import dev.rekur.model.Model;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Variables whose shape no configuration implies have limits of their own. */
class VariableLimitsTest {
    /** Of a model of some ten weights. */
    private static final long WEIGHTS = 10;

    @Test
    void anOptimizerIsAtMostSixTimesAsLargeAsItsModelAndAMillion() throws IOException {
        assertThat(optimizer(1000, 1000)).hasSize(1);
        assertThatThrownBy(() -> optimizer(1100, 1000))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.keras: the optimizer's variable 'optimizer/vars/0'")
                .hasMessageContaining("found more with shape [1100, 1000]");
    }

    @Test
    void theOptimizersVariablesAreChargedTogether() throws IOException {
        Hdf5Dataset dataset = dataset(600_000);
        OptimizerBudget budget = new OptimizerBudget("model.keras", WEIGHTS);

        budget.read("vars", dataset, null);
        assertThatThrownBy(() -> budget.read("vars", dataset, null)).isInstanceOf(ModelFormatException.class);
    }

    @Test
    void theLimitOfAModelOfAnySizeIsNone() throws IOException {
        OptimizerBudget budget = new OptimizerBudget("model.keras", Long.MAX_VALUE / 2);
        assertThat(budget.read("vars", dataset(3), null).value().shape().size()).isEqualTo(3);
    }

    @Test
    void anOptimizersVariableHasAtMostEightDimensions() throws IOException {
        assertThat(optimizer(1, 1, 1, 1, 1, 1, 1, 1)).hasSize(1);
        assertThatThrownBy(() -> optimizer(1, 1, 1, 1, 1, 1, 1, 1, 1))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("at most 8 dimensions, found 9");
    }

    @Test
    void idfWeightsAreAListNoLongerThanTheVocabulary() {
        assertThat(Floats.list("model.keras", dataset(3), 3)).containsExactly(0f, 0f, 0f);
        for (Hdf5Dataset wrong : List.of(dataset(4), dataset(1, 3), dataset())) {
            assertThatThrownBy(() -> Floats.list("model.keras", wrong, 3))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("expected a list of at most 3 numbers");
        }
    }

    @Test
    void configurationsHandedOutCannotBeChanged() throws IOException {
        for (String file : new String[] {"lesson_1_stacked/model.keras", "lesson_1_stacked/model.h5"}) {
            Model model = Rekur.load(GoldenFiles.root().resolve(file));
            assertThatThrownBy(() -> model.configuration().orElseThrow().root().clear())
                    .isInstanceOf(UnsupportedOperationException.class);
            for (GraphLayer layer : model.graph().layers()) {
                assertThatThrownBy(() -> layer.named().settings().clear())
                        .isInstanceOf(UnsupportedOperationException.class);
                for (WeightSettings settings : layer.named().settings().values()) {
                    if (settings.initializer() instanceof Map<?, ?> initializer) {
                        assertThatThrownBy(initializer::clear).isInstanceOf(UnsupportedOperationException.class);
                    }
                }
            }
            model.compileConfiguration().ifPresent(compile -> assertThatThrownBy(
                            () -> compile.config().clear())
                    .isInstanceOf(UnsupportedOperationException.class));
        }
    }

    private static List<OptimizerVariable> optimizer(long... extents) throws IOException {
        CraftedFile file = new CraftedFile(100);
        byte[] bytes = file.link("optimizer", file.group("vars", file.group("0", file.contiguous(extents))))
                .bytes();
        WeightStore store = new WeightStore(List.of(Hdf5File.open("model.keras", bytes, 0, bytes.length)));
        return new ArchiveVariables(store, true).optimizerVariables("model.keras", WEIGHTS);
    }

    private static Hdf5Dataset dataset(long... extents) {
        CraftedFile file = new CraftedFile(100);
        byte[] bytes = file.link("d", file.contiguous(extents)).bytes();
        return Hdf5File.open("model.keras", bytes, 0, bytes.length)
                .root()
                .dataset("d")
                .orElseThrow();
    }
}
