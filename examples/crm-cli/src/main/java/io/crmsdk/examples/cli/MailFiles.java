package io.crmsdk.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Mails given on a command line: files, directories of files in the order of their names, or standard input. */
final class MailFiles {
    private MailFiles() {}

    /** Reads each mail when it is asked for. */
    interface Each {
        void mail(String name, byte[] bytes) throws IOException;
    }

    static void each(List<Path> paths, Each each) throws IOException {
        if (paths.isEmpty() || paths.equals(List.of(Path.of("-")))) {
            each.mail("-", System.in.readAllBytes());
            return;
        }
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> entries = Files.list(path)) {
                    entries.filter(Files::isRegularFile).sorted().forEach(files::add);
                }
            } else if (Files.isRegularFile(path)) {
                files.add(path);
            } else {
                throw new UsageException(path + " is neither a file nor a directory");
            }
        }
        for (Path file : files) {
            each.mail(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        }
    }
}
