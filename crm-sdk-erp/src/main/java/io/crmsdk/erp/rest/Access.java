package io.crmsdk.erp.rest;

import io.crmsdk.http.Authorization;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.sync.Settings;
import io.crmsdk.sync.SyncException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The way to a service as settings tell it. */
final class Access {
    private Access() {}

    static HttpGateway gateway(Settings settings) {
        HttpGateway.Builder gateway = HttpGateway.builder(uri(settings, "url"));
        if (settings.has("auth")) {
            gateway.authorization(authorization(settings.block("auth")));
        }
        if (settings.flag("private-network", false)) {
            gateway.privateNetworkAllowed();
        }
        if (settings.flag("plain-http", false)) {
            gateway.plainHttpAllowed();
        }
        HttpLimits usual = HttpLimits.defaults();
        gateway.limits(usual.withCall(
                settings.span("call-limit", usual.call()), settings.number("attempts", usual.attempts(), 1, 20)));
        if (settings.has("rate")) {
            Settings rate = settings.block("rate");
            gateway.rate(rate.number("calls", 1, 1, 1_000_000), rate.span("per", Duration.ofSeconds(1)));
            rate.done();
        }
        return gateway.build();
    }

    private static Authorization authorization(Settings auth) {
        String kind = auth.choice("kind", "", List.of("bearer", "basic", "header", "client-credentials"));
        Authorization authorization = switch (kind) {
            case "bearer" -> Authorization.bearer(auth.secret("token"));
            case "basic" -> Authorization.basic(auth.text("user"), auth.secret("password"));
            case "header" -> Authorization.header(auth.text("name"), auth.secret("value"));
            default ->
                Authorization.clientCredentials(uri(auth, "token-url"), auth.text("client"), auth.secret("secret"));
        };
        if (kind.equals("client-credentials")) {
            for (var parameter : auth.texts("parameters").entrySet()) {
                authorization = authorization.parameter(parameter.getKey(), parameter.getValue());
            }
        }
        auth.done();
        return authorization;
    }

    private static URI uri(Settings settings, String key) {
        try {
            return URI.create(settings.text(key));
        } catch (IllegalArgumentException e) {
            SyncException problem = settings.problem(key, "expected an address such as https://erp.example.com/api");
            problem.addSuppressed(e);
            throw problem;
        }
    }
}
