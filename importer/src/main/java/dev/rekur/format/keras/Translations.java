package dev.rekur.format.keras;

import dev.rekur.error.Problem;
import dev.rekur.error.UnsupportedModelException;
import dev.rekur.graph.Graph;
import dev.rekur.graph.GraphLayer;
import dev.rekur.layer.KerasVersion;
import dev.rekur.layer.Layer;
import dev.rekur.layer.MaskMerge;
import dev.rekur.layer.merging.ElementwiseMerge;
import dev.rekur.layer.normalization.BatchNormalization;
import dev.rekur.layer.recurrent.Bidirectional;
import dev.rekur.layer.recurrent.RecurrentLayer;
import dev.rekur.layer.recurrent.RecurrentOptions;
import dev.rekur.layer.recurrent.TimeDistributed;
import dev.rekur.model.Model;
import dev.rekur.model.ModelConfiguration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Proves that a translated configuration means what the model computes, by reading it again. */
final class Translations {
    private Translations() {}

    /**
     * Refuses a translation that was not possible, or that would compute something else: other layers, other connections,
     * other masks.
     *
     * @param root the translated configuration
     * @param kerasMajor the Keras whose words it is in
     * @param hardSigmoids where scaled weights make up for another meaning of a function
     * @param problems what was found to have no equal
     * @throws UnsupportedModelException with all problems
     */
    static void requireSame(
            Model model, Map<String, Object> root, int kerasMajor, HardSigmoids hardSigmoids, List<Problem> problems) {
        if (problems.isEmpty()) {
            ModelConfiguration source = TargetModel.configuration(model);
            Graph translated = new KerasGraphs()
                    .read(new ModelConfiguration(
                            root, KerasVersion.written(kerasMajor), source.learned(), source.registry()));
            compare(
                    model.graph().flat(),
                    translated.flat(),
                    hardSigmoids,
                    new LayerTranslation(source.kerasMajor(), kerasMajor, problems));
        }
        if (!problems.isEmpty()) {
            throw new UnsupportedModelException(
                    "model '" + model.graph().name() + "' in Keras " + kerasMajor + "'s words", problems);
        }
    }

    private static void compare(Graph before, Graph after, HardSigmoids hardSigmoids, LayerTranslation report) {
        Map<String, GraphLayer> known = new HashMap<>();
        before.layers().forEach(layer -> known.put(layer.name(), layer));
        for (GraphLayer layer : after.layers()) {
            GraphLayer original = known.get(layer.name());
            if (original == null
                    || !same(hardSigmoids.translated(layer.name(), original.layer()), layer.layer())
                    || !original.weights().equals(layer.weights())
                    || original.trainable() != layer.trainable()) {
                report.problem(layer.toString(), "what it computes");
            }
        }
        boolean same = sameMeaning(before, after, false, "the way it is masked or connected", report);
        if (same && GraphMeaning.differAtMaskedSteps(before, after)) {
            sameMeaning(before, after, true, "what recurrent layers put out at masked steps, which it reads,", report);
        }
    }

    private static boolean sameMeaning(
            Graph before, Graph after, boolean atMaskedSteps, String difference, LayerTranslation report) {
        GraphMeaning.Terms terms = new GraphMeaning.Terms();
        GraphMeaning first = new GraphMeaning(before, terms, atMaskedSteps);
        GraphMeaning second = new GraphMeaning(after, terms, atMaskedSteps);
        for (GraphLayer layer : before.layers()) {
            List<Integer> calls = first.byLayer().getOrDefault(layer.name(), List.of());
            if (!calls.equals(second.byLayer().getOrDefault(layer.name(), List.of()))) {
                // those that follow differ too, for no reason of their own
                report.problem(layer.toString(), difference);
                return false;
            }
        }
        boolean same = first.ends().equals(second.ends());
        if (!same) {
            report.problem("an output of the model", difference);
        }
        return same;
    }

    /**
     * Equal but for what versions treat differently: masks, of which {@link GraphMeaning} tells whether they differ where they are
     * used, and the statistics that a BatchNormalization gathers in training.
     */
    private static boolean same(Layer a, Layer b) {
        return plain(a).equals(plain(b));
    }

    private static Layer plain(Layer layer) {
        if (layer instanceof RecurrentLayer recurrent) {
            return plain(recurrent);
        }
        if (layer instanceof ElementwiseMerge merge) {
            return merge.withMasks(MaskMerge.ANY);
        }
        if (layer instanceof BatchNormalization norm) { // versions differ in training
            return new BatchNormalization(norm.axis(), norm.epsilon(), norm.momentum(), norm.center(), norm.scale());
        }
        if (layer instanceof TimeDistributed steps) {
            return new TimeDistributed(plain(steps.layer()), true);
        }
        return layer instanceof Bidirectional both
                ? new Bidirectional(plain(both.forwardLayer()), plain(both.backwardLayer()), both.merge())
                : layer;
    }

    private static RecurrentLayer plain(RecurrentLayer layer) {
        RecurrentOptions options = layer.options();
        return layer.withOptions(new RecurrentOptions(
                options.returnSequences(),
                options.returnState(),
                options.goBackwards(),
                options.stateful(),
                false,
                false,
                options.dropout(),
                options.recurrentDropout()));
    }
}
