package dev.rekur.server;

import dev.rekur.error.InvalidInputException;
import dev.rekur.tensor.Tensor;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** What is answered at which address. */
final class Endpoints {
    /** Time that the model took, for the page and for the curious; without network, JSON and queueing. */
    static final String INFERENCE_NANOS = "Rekur-Inference-Nanos";

    private static final String MODEL = "/v1/models/{name}";
    private static final String VERSION = MODEL + "/versions/{version}";

    private final ModelRepository models;
    private final RekurServer.Readiness readiness;
    private final RequestBody bodies;
    private final PredictReader reader;

    Endpoints(RekurServer.Settings settings, RekurServer.Readiness readiness) {
        this.models = settings.models();
        this.readiness = readiness;
        this.bodies = new RequestBody(settings.bodyLimit());
        this.reader = settings.reader();
    }

    void register(RoutesConfig config) {
        Routes routes = new Routes(config);
        // verbs first: {name} alone would match "name:predict" too
        routes.post(MODEL + ":predict", context -> predict(context, latest(context)));
        routes.post(VERSION + ":predict", context -> predict(context, version(context)));
        routes.any(MODEL + ":{verb}", Endpoints::unknownVerb);
        routes.any(VERSION + ":{verb}", Endpoints::unknownVerb);

        routes.get("/v1/models", context -> Answers.json(context, json -> Descriptions.models(json, models.names())));
        routes.get(MODEL, context -> describe(context, models.versions(context.pathParam("name"))));
        routes.get(VERSION, context -> describe(context, List.of(version(context))));
        bothVersions(
                routes,
                "/metadata",
                model -> context -> Answers.json(context, json -> Descriptions.metadata(json, model)));
        bothVersions(
                routes,
                "/graph",
                model -> context -> Answers.json(context, json -> GraphDescription.write(json, model)));

        routes.get("/healthz/live", context -> health(context, true));
        routes.get("/v2/health/live", context -> health(context, true));
        routes.get("/healthz/ready", context -> health(context, readiness.isReady()));
        routes.get("/v2/health/ready", context -> health(context, readiness.isReady()));

        Page.register(routes);
    }

    private void bothVersions(Routes routes, String suffix, Function<ServedModel, Handler> answer) {
        routes.get(MODEL + suffix, context -> answer.apply(latest(context)).handle(context));
        routes.get(VERSION + suffix, context -> answer.apply(version(context)).handle(context));
    }

    private ServedModel latest(Context context) {
        return models.latest(context.pathParam("name"));
    }

    private ServedModel version(Context context) {
        return models.version(context.pathParam("name"), context.pathParam("version"));
    }

    private void predict(Context context, ServedModel model) throws IOException {
        byte[] body = bodies.read(context);
        PredictRequest request = reader.read(body, body.length, model.signature());
        long start = System.nanoTime();
        List<Tensor> outputs;
        try {
            outputs = model.inference().predict(request.inputs());
        } catch (InvalidInputException unfit) {
            throw ApiException.badRequest(unfit.message(link -> "")); // a path in our documentation is none of theirs
        }
        long nanos = System.nanoTime() - start;
        context.res().setHeader(INFERENCE_NANOS, Long.toString(nanos));
        Answers.write(context, 200, Answers.JSON, PredictWriter.write(request, model.signature(), outputs));
    }

    private static void describe(Context context, List<ServedModel> versions) throws IOException {
        Answers.json(context, json -> Descriptions.status(json, versions));
    }

    private void health(Context context, boolean healthy) throws IOException {
        byte[] body = Json.write(json -> Descriptions.health(json, readiness.isReady(), readiness.isDraining()));
        Answers.write(context, healthy ? 200 : 503, Answers.JSON, body);
    }

    private static void unknownVerb(Context context) {
        throw ApiException.notFound(
                "':" + Brief.of(context.pathParam("verb")) + "' is not something models do here; use :predict");
    }
}
