package dev.rekur.training;

import dev.rekur.model.Model;
import dev.rekur.training.callback.History;
import dev.rekur.training.diagnosis.Finding;
import java.util.List;

/**
 * What came of a training.
 *
 * @param model the trained model, with the state of its optimizer
 * @param history losses and metrics of all epochs
 * @param findings what went wrong, the most urgent first
 */
public record Training(Model model, History history, List<Finding> findings) {
    public Training {
        findings = List.copyOf(findings);
    }
}
