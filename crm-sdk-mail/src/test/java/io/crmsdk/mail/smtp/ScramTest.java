package io.crmsdk.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramTest {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String BOTH = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    /** RFC 7677 section 3. */
    @Test
    void the_example_of_the_standard() throws Exception {
        Scram scram = new Scram("user", "pencil", NONCE);

        assertThat(scram.first()).isEqualTo("n,,n=user,r=" + NONCE);
        assertThat(scram.proof("r=" + BOTH + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
                .isEqualTo("c=biws,r=" + BOTH + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        scram.check("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThatThrownBy(() -> scram.check("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5="))
                .isInstanceOf(Scram.UnprovenException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=" + BOTH + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
                "r=" + BOTH + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=9999999",
                "r=" + BOTH + ",s=!,i=4096",
                "r=" + BOTH + ",s=,i=4096",
                "m=must,r=" + BOTH + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
            })
    void a_challenge_that_must_not_be_is_not_answered(String challenge) {
        assertThatThrownBy(() -> new Scram("user", "pencil", NONCE).proof(challenge))
                .isInstanceOf(Scram.UnprovenException.class);
    }

    @Test
    void names_are_written_so_that_they_end_where_they_end() {
        assertThat(new Scram("a=b,c", "x", "n").first()).isEqualTo("n,,n=a=3Db=2Cc,r=n");
    }
}
