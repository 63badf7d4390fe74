package io.crmsdk.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that hosts can name is explained in a sentence; doclint judges the rest. */
final class DocumentedTest {
    @Test
    void every_promised_type_and_member_says_what_it_is() throws IOException {
        List<File> sources = new ArrayList<>();
        for (String module : List.of("crm-sdk-core", "crm-sdk-mail", "crm-sdk-erp", "crm-sdk-testkit")) {
            sources.addAll(sources(root().resolve(module).resolve("src/main/java")));
        }

        assertThat(sources).hasSizeGreaterThan(400);
        assertThat(undocumented(sources)).isEmpty();
    }

    @Test
    void what_is_not_explained_is_found(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("Planted.java");
        Files.writeString(file, """
                package planted;

                /** Explained. */
                public interface Planted {
                    int silent();

                    /** @return only a tag */
                    int onlyTags();

                    /** Explained. */
                    int explained();

                    class Inner {
                        public int field;

                        private int hidden;

                        @Override
                        public String toString() {
                            return "";
                        }
                    }
                }
                """);

        assertThat(undocumented(List.of(file.toFile())))
                .containsExactly("Planted.silent", "Planted.onlyTags", "Planted.Inner", "Planted.Inner.field");
    }

    private static List<File> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .filter(file -> !file.toString().contains(File.separator + "internal" + File.separator))
                    .map(Path::toFile)
                    .toList();
        }
    }

    private static List<String> undocumented(List<File> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> found = new ArrayList<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromFiles(sources));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Scanner(docs, found).scan(unit, null);
            }
        }
        return found;
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("README.md"))) {
            at = at.getParent();
        }
        return at;
    }

    /** Walks through the promised types of a file and remembers what has no sentence. */
    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private final List<String> found;

        Scanner(DocTrees docs, List<String> found) {
            this.docs = docs;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (!isPromised(type.getModifiers())) {
                return null;
            }
            judge(type.getSimpleName().toString());
            return super.visitClass(type, nothing);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            if (isPromised(method.getModifiers()) && !isOverride(method)) {
                judge(method.getName().toString());
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void nothing) {
            boolean component = owner().getKind() == Tree.Kind.RECORD
                    && !field.getModifiers().getFlags().contains(Modifier.STATIC);
            if (isPromised(field.getModifiers()) && !component) {
                judge(field.getName().toString());
            }
            return null;
        }

        /** A constructor may leave the sentence to its type, and only say what goes in and what it throws. */
        private void judge(String name) {
            var doc = docs.getDocCommentTree(getCurrentPath());
            if (doc == null || doc.getFirstSentence().isEmpty() && !name.equals("<init>")) {
                found.add(path(name));
            }
        }

        private String path(String name) {
            StringBuilder path = new StringBuilder(name);
            for (TreePath at = getCurrentPath().getParentPath(); at != null; at = at.getParentPath()) {
                if (at.getLeaf() instanceof ClassTree around) {
                    path.insert(0, around.getSimpleName() + ".");
                }
            }
            return path.toString();
        }

        private Tree owner() {
            return getCurrentPath().getParentPath().getLeaf();
        }

        /** Members of interfaces and constants of enums are public without the word. */
        private boolean isPromised(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            if (flags.contains(Modifier.PRIVATE)) {
                return false;
            }
            return flags.contains(Modifier.PUBLIC)
                    || flags.contains(Modifier.PROTECTED)
                    || owner().getKind() == Tree.Kind.INTERFACE
                    || owner().getKind() == Tree.Kind.ANNOTATION_TYPE;
        }

        private static boolean isOverride(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .map(AnnotationTree::getAnnotationType)
                    .anyMatch(name -> name.toString().equals("Override"));
        }
    }
}
