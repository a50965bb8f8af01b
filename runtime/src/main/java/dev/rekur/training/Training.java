package dev.rekur.training;

import dev.rekur.model.Model;

/**
 * What came of a training.
 *
 * @param model the trained model, with the state of its optimizer
 * @param history losses and metrics of all epochs
 */
public record Training(Model model, History history) {}
