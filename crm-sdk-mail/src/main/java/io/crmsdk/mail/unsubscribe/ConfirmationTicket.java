package io.crmsdk.mail.unsubscribe;

/**
 * What the link of a confirmation mail says.
 *
 * @param challenge the challenge's token, a secret
 * @param ticket whose it is, and what is to be subscribed
 */
record ConfirmationTicket(String challenge, PreferenceTicket ticket) {
    @Override
    public String toString() {
        return "ConfirmationTicket[" + ticket + "]";
    }
}
