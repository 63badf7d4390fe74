package io.crmsdk.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Sha256Test {
    /** The examples of FIPS 180-4, and one beyond ASCII. */
    @Test
    void texts_have_the_digest_of_their_utf_8() {
        assertThat(Sha256.hex("")).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Sha256.hex("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Sha256.hex("李雷")).isEqualTo("3a47328a607f3e0a738a53a759a51815a6f2a255a789af886aa0926d96ba07c9");
    }
}
