package dev.rekur.layer.merging;

import dev.rekur.layer.Layer;

/** A layer that makes one tensor of several. */
public interface MergingLayer extends Layer {}
