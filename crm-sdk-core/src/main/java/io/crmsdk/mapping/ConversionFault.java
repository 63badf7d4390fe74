package io.crmsdk.mapping;

import io.crmsdk.CrmException;

/** Says why a value, or the arguments of a converter, were refused; becomes a finding or a problem and never leaves the package. */
final class ConversionFault extends CrmException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    ConversionFault(String code, String reason) {
        super(code, reason, null);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    /** Faults are made in numbers while a damaged file is read; nobody looks at where. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
