package io.crmsdk.model;

/** What a phone number can do. */
public enum PhoneFeature {
    /** It can be called. */
    VOICE,
    /** It is a mobile number. */
    MOBILE,
    /** It takes text messages. */
    TEXT,
    /** It is a fax. */
    FAX
}
