package dev.rekur.graph;

/** A graph with its weights: what runs. */
public interface Network {
    /** The layers and how they are connected. */
    Graph graph();

    /** The values of the layers' weights. */
    Weights weights();
}
