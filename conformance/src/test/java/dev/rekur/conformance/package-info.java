/** Rekur against real Keras: every golden file on every kernel provider. Nothing depends on it. */
package dev.rekur.conformance;
