package io.crmsdk.mail.provider;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * How one provider proves that a webhook call is its own, and what its events mean. Lists of keys are for their rotation: any of
 * them may have signed. Immutable and thread-safe; {@code toString} shows no key.
 *
 * <p>Sources: the providers' documentation of their event webhooks, standardwebhooks.com, and for Amazon "Verifying the signatures
 * of Amazon SNS messages".
 */
public abstract sealed class WebhookScheme
        permits AliyunScheme,
                BrevoScheme,
                MailgunScheme,
                MandrillScheme,
                PostalScheme,
                PostmarkScheme,
                SendGridScheme,
                SnsScheme,
                StandardScheme {
    private final String provider;

    WebhookScheme(String provider) {
        this.provider = provider;
    }

    /**
     * SendGrid's signed event webhook: ECDSA over the timestamp header and the raw body.
     *
     * @param publicKeys as SendGrid shows them: the DER form in Base64
     * @throws IllegalArgumentException if one is no such key
     */
    public static WebhookScheme sendGrid(Collection<String> publicKeys) {
        return new SendGridScheme(publicKeys);
    }

    /**
     * Mailgun: an HMAC over timestamp and token. It does not cover the event, so only the memory of tokens protects that: calls must
     * go through {@link WebhookReceiver#receive}.
     *
     * @param signingKeys of the account and, for sub-accounts, of its parent
     */
    public static WebhookScheme mailgun(Collection<String> signingKeys) {
        return new MailgunScheme(signingKeys);
    }

    /**
     * Events of Amazon SES that come through SNS. Anybody can subscribe your address to a topic of theirs, and Amazon signs it: so only
     * the named topics are believed.
     *
     * @param topics the ARNs of your topics
     * @param certificates where Amazon's certificates come from; only asked for addresses of Amazon's SNS hosts
     */
    public static WebhookScheme amazonSns(Set<String> topics, SnsCertificates certificates) {
        return new SnsScheme(topics, certificates);
    }

    /**
     * Postmark, which signs nothing: user and password in the webhook's address are all there is, so its address must be HTTPS.
     *
     * @throws IllegalArgumentException if one is empty
     */
    public static WebhookScheme postmark(String user, String password) {
        return new PostmarkScheme(user, password);
    }

    /**
     * Brevo, which signs nothing: a bearer token set on the webhook.
     *
     * @throws IllegalArgumentException if there is none, or an empty one
     */
    public static WebhookScheme brevo(Collection<String> tokens) {
        return new BrevoScheme(tokens);
    }

    /**
     * Alibaba Cloud DirectMail (阿里云邮件推送), whose events EventBridge (事件总线, source {@code acs.dm}) hands to an HTTPS target. What proves
     * them is the token that is set on the target; so the address must be HTTPS.
     *
     * @param tokens of the target
     * @throws IllegalArgumentException if there is none, or an empty one
     */
    public static WebhookScheme aliyunDirectMail(Collection<String> tokens) {
        return new AliyunScheme(tokens);
    }

    /**
     * Mailchimp Transactional (Mandrill): an HMAC over the address as you registered it and the form's fields.
     *
     * @param url the public address that was registered, with its query; behind a proxy the server sees another
     * @param webhookKeys of the webhook
     */
    public static WebhookScheme mandrill(URI url, Collection<String> webhookKeys) {
        return new MandrillScheme(url, webhookKeys);
    }

    /**
     * Standard Webhooks, also known as svix; Resend and others use it.
     *
     * @param keys secrets {@code whsec_…} for symmetric signatures and public keys {@code whpk_…} for ed25519
     * @throws IllegalArgumentException if one is neither
     */
    public static WebhookScheme standardWebhooks(Collection<String> keys) {
        return new StandardScheme(keys);
    }

    /**
     * Postal: RSA over the raw body. Signatures of old servers, by SHA-1 only, are refused.
     *
     * @param publicKeys the DER form in Base64, as in the server's DKIM record
     */
    public static WebhookScheme postal(Collection<String> publicKeys) {
        return new PostalScheme(publicKeys);
    }

    /** The provider's short name, for example {@code sendgrid}. */
    public String provider() {
        return provider;
    }

    /**
     * Proves the call and reads it.
     *
     * @throws Refused if it is not the provider's, too old, or cannot be read
     */
    abstract Report read(WebhookRequest request, Instant now, Duration tolerance) throws Refused;

    /** What the answer of the provider's send call named a message that its events name so. */
    String remoteId(String messageId) {
        return messageId;
    }

    /** A whole number of seconds, strictly: a sign, a blank or an exponent was never signed by anybody. */
    static Instant seconds(String text) throws Refused {
        if (!text.matches("\\d{1,12}")) {
            throw Refused.signature();
        }
        return Instant.ofEpochSecond(Long.parseLong(text));
    }

    static void fresh(Instant signed, Instant now, Duration tolerance) throws Refused {
        if (Duration.between(signed, now).abs().compareTo(tolerance) > 0) {
            throw new Refused("TIMESTAMP_OUT_OF_TOLERANCE");
        }
    }

    static List<byte[]> secrets(Collection<String> texts, String what) {
        if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(what + ": expected at least one, none of them empty");
        }
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** The provider only. */
    @Override
    public final String toString() {
        return "WebhookScheme[" + provider + "]";
    }
}
