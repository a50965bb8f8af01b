package dev.rekur.layer;

/** A layer whose outputs cost something in training by themselves, and which has no other purpose. */
public interface ActivityCost {
    /** Cost of the absolute value of an output. */
    double l1();

    /** Cost of the square of an output. */
    double l2();
}
