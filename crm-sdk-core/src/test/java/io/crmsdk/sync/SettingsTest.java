package io.crmsdk.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path folder;

    private Settings settings(String yaml) throws IOException {
        return Settings.load(Files.writeString(folder.resolve("sync.yaml"), yaml), Map.of("TOKEN", "s3cret")::get);
    }

    @Test
    void values_are_text_until_their_reader_says_what_they_are() throws IOException {
        Settings settings = settings("""
                code: 007
                wait: 90s
                on: true
                names: [no, 12:30]
                inner: {number: 5}
                """);

        assertThat(settings.text("code")).isEqualTo("007");
        assertThat(settings.span("wait", Duration.ZERO)).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.flag("on", false)).isTrue();
        assertThat(settings.list("names")).isEqualTo(List.of("no", "12:30"));
        assertThat(settings.block("inner").number("number", 1, 1, 9)).isEqualTo(5);
        settings.done();
    }

    @Test
    void F_905_a_misspelt_key_is_refused_with_line_and_what_was_meant() throws IOException {
        Settings settings = settings("pair: a\nstroe: sqlite:a.db\n");
        settings.text("pair");
        settings.find("store");

        assertThatThrownBy(settings::done)
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("sync.yaml:2: stroe: is not known here; did you mean store?");
    }

    @Test
    void F_905_a_misspelt_word_is_refused_with_what_was_meant() throws IOException {
        Settings settings = settings("inner:\n  kind: cursr\n").block("inner");

        assertThatThrownBy(() -> settings.choice("kind", "none", List.of("none", "cursor")))
                .hasMessageContaining("sync.yaml:2: inner.kind: expected one of none, cursor")
                .hasMessageContaining("did you mean cursor?");
    }

    @Test
    void a_secret_stands_elsewhere_and_a_plain_one_is_refused_without_being_repeated() throws IOException {
        Files.writeString(folder.resolve("token.txt"), "from a file\n");
        Settings settings = settings("a: env:TOKEN\nb: file:token.txt\nc: hunter2\nd: env:NOBODY\n");

        assertThat(settings.secret("a").get()).isEqualTo("s3cret");
        assertThat(settings.secret("b").get()).isEqualTo("from a file");
        assertThatThrownBy(() -> settings.secret("c"))
                .hasMessageContaining("env:NAME or file:PATH")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> settings.secret("d")).hasMessageContaining("there is nothing at env:NOBODY");
    }

    @Test
    void what_is_no_settings_file_is_refused_with_its_line() {
        assertThatThrownBy(() -> settings("a: 1\na: 2\n")).hasMessageContaining("sync.yaml:2: the key a twice");
        assertThatThrownBy(() -> settings("- a\n")).hasMessageContaining("expected a block of keys, got a list");
        assertThatThrownBy(() -> Settings.load(folder.resolve("none.yaml"), name -> null))
                .hasMessageContaining("SETTINGS_UNREADABLE");
    }

    @Test
    void numbers_and_spans_out_of_bounds_are_refused() throws IOException {
        Settings settings = settings("size: many\nwait: soon\nblank: ''\n");

        assertThatThrownBy(() -> settings.number("size", 1, 1, 10)).hasMessageContaining("from 1 to 10");
        assertThatThrownBy(() -> settings.span("wait", Duration.ZERO)).hasMessageContaining("got soon");
        assertThatThrownBy(() -> settings.text("blank")).hasMessageContaining("expected a text, got nothing");
        assertThatThrownBy(() -> settings.text("absent")).hasMessageContaining("absent: is missing");
    }
}
