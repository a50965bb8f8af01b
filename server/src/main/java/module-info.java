/** Serves models over HTTP: TensorFlow Serving's REST protocol in, predictions out, one page to try a model on, and one to watch a training. */
module dev.rekur.server {
    requires transitive dev.rekur.runtime;
    requires static transitive dev.rekur.training; // for those who watch a training
    requires io.javalin;
    requires jakarta.servlet;
    requires org.eclipse.jetty.http;
    requires org.eclipse.jetty.server;
    requires org.eclipse.jetty.util;
    requires org.eclipse.jetty.ee10.servlet;
    requires org.slf4j;
    requires tools.jackson.core;
    requires static transitive org.jspecify;

    exports dev.rekur.server;
}
