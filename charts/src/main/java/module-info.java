/** Pictures of a training, from its history: PNG, SVG, and one self-contained HTML page. */
@SuppressWarnings("requires-automatic") // XChart and VectorGraphics2D have no module descriptors
module dev.rekur.charts {
    requires transitive dev.rekur.training;
    requires java.desktop;
    requires xchart;
    requires VectorGraphics2D;
    requires static transitive org.jspecify;

    exports dev.rekur.charts;
}
