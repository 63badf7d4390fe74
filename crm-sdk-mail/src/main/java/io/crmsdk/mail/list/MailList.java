package io.crmsdk.mail.list;

import io.crmsdk.http.HttpAnswer;
import io.crmsdk.http.HttpCall;
import io.crmsdk.http.HttpGateway;
import io.crmsdk.http.HttpLimits;
import io.crmsdk.http.HttpOutcome;
import io.crmsdk.mail.internal.JsonTree;
import io.crmsdk.sync.Cause;
import io.crmsdk.sync.ConnectorException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One list of a mail tool, for {@link MailListSync} to keep in step with what people said. It offers nothing else: a list that any
 * program may write "subscribed" to is how opt-outs are lost. Thread-safe; shows no key.
 */
public final class MailList implements AutoCloseable {
    private final ListApi api;
    private final HttpGateway gateway;

    private MailList(Builder builder, HttpGateway gateway) {
        this.api = builder.api;
        this.gateway = gateway;
    }

    /**
     * An audience of Mailchimp.
     *
     * @param dataCenter what stands behind the dash of its key, for example {@code us21}
     * @param list the audience's id
     */
    public static Builder mailchimp(String dataCenter, String list, Supplier<String> apiKey) {
        if (!dataCenter.matches("[a-z0-9]{1,20}")) {
            throw new IllegalArgumentException("dataCenter: expected letters and digits such as us21");
        }
        return new Builder(new MailchimpList(dataCenter, Objects.requireNonNull(list, "list"), apiKey))
                .rate(10, Duration.ofSeconds(1));
    }

    /**
     * A list of Brevo. Saying no there blocks all campaigns of the account to the person, since the list alone cannot be written.
     *
     * @param list the list's number
     */
    public static Builder brevo(long list, Supplier<String> apiKey) {
        return new Builder(new BrevoList(list, apiKey)).rate(10, Duration.ofSeconds(1));
    }

    /**
     * A list of a listmonk server.
     *
     * @param origin for example {@code https://lists.example.com}
     * @param user of an API user that may get and manage subscribers, ask with SQL, and get bounces
     * @param list the list's number
     */
    public static Builder listmonk(URI origin, String user, Supplier<String> token, long list) {
        return new Builder(new ListmonkList(origin, user, token, list));
    }

    ListApi api() {
        return api;
    }

    ListApi.Page page(@Nullable String next) {
        try {
            return api.page(json(read(api.page(next))), next);
        } catch (ListApi.Unreadable e) {
            throw unreadable(e);
        }
    }

    ListApi.Bounces bounces(@Nullable String next) {
        Optional<HttpCall> call = api.bounces(next);
        if (call.isEmpty()) {
            return new ListApi.Bounces(List.of(), 0, null);
        }
        try {
            return api.bounces(json(read(call.get())), next);
        } catch (ListApi.Unreadable e) {
            throw unreadable(e);
        }
    }

    /** What the tool says of an address now; nothing if it does not know it. */
    Optional<Member> look(String address) {
        HttpOutcome outcome = gateway.send(api.look(address));
        try {
            if (outcome instanceof HttpOutcome.Accepted accepted) {
                return api.look(accepted.answer(), address);
            }
            if (outcome instanceof HttpOutcome.Refused refused
                    && refused.answer().status() == 404) {
                return api.look(refused.answer(), address);
            }
        } catch (ListApi.Unreadable e) {
            throw unreadable(e);
        }
        throw ConnectorException.of(outcome);
    }

    HttpOutcome write(HttpCall call) {
        return gateway.send(call);
    }

    private HttpAnswer read(HttpCall call) {
        HttpOutcome outcome = gateway.send(call);
        if (outcome instanceof HttpOutcome.Accepted accepted) {
            return accepted.answer();
        }
        throw ConnectorException.of(outcome);
    }

    private static JsonTree json(HttpAnswer answer) {
        return JsonTree.parseIfJson(answer.text());
    }

    private ConnectorException unreadable(ListApi.Unreadable cause) {
        return new ConnectorException(
                Cause.UNKNOWN,
                "LIST_ANSWER",
                api.tool() + " answered with something else; expected " + cause.getMessage(),
                null,
                cause);
    }

    /** Ends its connections. */
    @Override
    public void close() {
        gateway.close();
    }

    /** Tool and list. */
    @Override
    public String toString() {
        return "MailList[" + api + "]";
    }

    /** Collects how a list is reached; not thread-safe. */
    public static final class Builder {
        private final ListApi api;
        private URI origin;
        private HttpLimits limits = HttpLimits.defaults();
        private int calls;
        private Duration per = Duration.ofSeconds(1);
        private boolean local;

        private Builder(ListApi api) {
            this.api = api;
            this.origin = api.origin();
        }

        /** Another origin, with its path, than the tool's own. */
        public Builder origin(URI origin) {
            this.origin = Objects.requireNonNull(origin, "origin");
            return this;
        }

        /** At most so many calls in a time; ten a second for Mailchimp and Brevo, as fast as it goes for listmonk. */
        public Builder rate(int calls, Duration per) {
            this.calls = calls;
            this.per = Objects.requireNonNull(per, "per");
            return this;
        }

        /** Bounds on time and size of calls. */
        public Builder limits(HttpLimits limits) {
            this.limits = Objects.requireNonNull(limits, "limits");
            return this;
        }

        /** Allows a server of one's own in a private network, without TLS. */
        public Builder unsafelyAllowingPlainHttp() {
            this.local = true;
            return this;
        }

        /** The list; connects when it is first asked. */
        public MailList build() {
            HttpGateway.Builder gateway = HttpGateway.builder(origin)
                    .authorization(api.authorization())
                    .limits(limits);
            if (calls > 0) {
                gateway.rate(calls, per);
            }
            if (local) {
                gateway.plainHttpAllowed().privateNetworkAllowed();
            }
            return new MailList(this, gateway.build());
        }
    }
}
