package io.crmsdk.mail.provider;

/** A call that is not believed, with its stable code. Cheap, since anybody may cause it. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    Refused(String code) {
        super(code, null, false, false);
        this.code = code;
    }

    static Refused signature() {
        return new Refused("SIGNATURE_INVALID");
    }

    static Refused malformed() {
        return new Refused("MALFORMED");
    }

    String code() {
        return code;
    }
}
