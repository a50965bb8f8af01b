/** Pictures of a training, from its history: PNG, SVG, and one self-contained HTML page. */
@SuppressWarnings("requires-automatic") // XChart has no module descriptor
module dev.rekur.charts {
    requires transitive dev.rekur.runtime;
    requires java.desktop;
    requires xchart;
    requires static transitive org.jspecify;

    exports dev.rekur.charts;
}
