package io.crmsdk.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmsdk.store.internal.Dialect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptsTest {
    @ParameterizedTest
    @EnumSource
    void the_index_names_exactly_the_scripts_of_each_dialect(Dialect dialect) throws Exception {
        URI folder = Store.class
                .getResource("/db/crmsdk/" + dialect.folder() + "/V001__store.sql")
                .toURI();
        try (Stream<Path> files = Files.list(Path.of(folder).getParent())) {
            List<String> there =
                    files.map(file -> file.getFileName().toString()).sorted().toList();

            assertThat(Scripts.of(dialect)).extracting(Script::name).containsExactlyElementsOf(there);
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_two_scripts_have_the_same_number(Dialect dialect) {
        assertThat(Scripts.of(dialect)).extracting(Script::version).doesNotHaveDuplicates();
    }

    @Test
    void a_script_whose_name_has_no_number_is_refused() {
        assertThatThrownBy(() -> Script.of("delivery.sql", "")).hasMessageContaining("V040__delivery.sql");
    }

    @Test
    void statements_end_at_semicolons_outside_texts_and_comments() {
        assertThat(Statements.of(
                        "INSERT INTO a VALUES ('x;''y'); -- not; here\n/* nor; here */ DELETE FROM \"b;c\";\n\n;"))
                .containsExactly("INSERT INTO a VALUES ('x;''y')", "DELETE FROM \"b;c\"");
    }

    @Test
    void a_trigger_is_one_statement_with_all_that_is_in_it() {
        String trigger =
                "CREATE TRIGGER t BEFORE UPDATE ON a BEGIN\n  SELECT CASE WHEN 1 THEN RAISE(ABORT, 'no;') END;\n"
                        + "  DELETE FROM b;\nEND";

        assertThat(Statements.of(trigger + ";\nDELETE FROM c;")).containsExactly(trigger, "DELETE FROM c");
    }

    @Test
    void a_routine_of_mariadb_is_one_statement_with_its_ifs_and_loops() {
        String routine = "CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW BEGIN IF NEW.x THEN SET @a = 1; END IF;"
                + " WHILE x DO CASE y WHEN 1 THEN SET @b = 2; END CASE; END WHILE; END";

        assertThat(Statements.of(routine + "; DELETE FROM c")).containsExactly(routine, "DELETE FROM c");
    }

    @Test
    void a_function_in_dollar_quotes_is_one_statement() {
        String function = "CREATE FUNCTION f() RETURNS trigger AS $body$ BEGIN a; b; END; $body$ LANGUAGE plpgsql";

        assertThat(Statements.of(function + ";SELECT $1;")).containsExactly(function, "SELECT $1");
    }

    @Test
    void a_script_knows_the_tables_it_makes() {
        assertThat(Script.of("V001__a.sql", "CREATE TABLE a (x INTEGER);\ncreate table if not exists b (y INTEGER);")
                        .tables())
                .containsExactly("a", "b");
    }
}
