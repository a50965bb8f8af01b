package dev.rekur.graph;

/**
 * An edge of a graph: output {@code output} of node {@code node}.
 *
 * @param node index into {@link Graph#nodes}
 * @param output index of the node's output
 */
public record Value(int node, int output) {}
