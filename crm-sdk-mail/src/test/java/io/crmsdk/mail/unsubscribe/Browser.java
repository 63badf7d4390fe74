package io.crmsdk.mail.unsubscribe;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Chromium, driven over its own protocol: what a page says in it is what a person sees.
 *
 * <p>Scripts of a page may be switched off; ours, which only look and click, run all the same.
 */
final class Browser implements AutoCloseable {
    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    /** What the browser complained of: blocked styles, forms, requests. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    private int id;

    private Browser(Process process, URI page) throws Exception {
        this.process = process;
        this.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(page, new Listener())
                .get(30, TimeUnit.SECONDS);
        call("Page.enable", "{}");
        call("Log.enable", "{}");
        call("Network.enable", "{}");
    }

    /** Where Chromium is, if it is here. */
    static Optional<Path> find() {
        return Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(Path program, Path profile, String language) throws Exception {
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-quic",
                        "--disable-sync",
                        "--lang=" + language,
                        "--accept-lang=" + language,
                        "--remote-debugging-port=0",
                        "--remote-allow-origins=*",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        try {
            return new Browser(process, page(process));
        } catch (Exception e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** It says where it listens; there the first page is found. */
    private static URI page(Process process) throws Exception {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.contains("DevTools listening on ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("Chromium ended before it listened");
        }
        Thread drain = new Thread(() -> out.lines().forEach(rest -> {}), "chromium-output");
        drain.setDaemon(true);
        drain.start();
        int port = URI.create(line.substring(line.indexOf("ws://"))).getPort();
        String list = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        for (String text : strings(list, "webSocketDebuggerUrl")) {
            if (text.contains("/page/")) {
                return URI.create(text);
            }
        }
        throw new IOException("Chromium has no page");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                String message = part.toString();
                part.setLength(0);
                if (message.startsWith("{\"method\":\"Log.entryAdded\"")) {
                    complaints.addAll(strings(message, "text"));
                }
                messages.add(message);
            }
            webSocket.request(1);
            return null;
        }
    }

    /** All values of one name, wherever it stands. */
    private static List<String> strings(String json, String name) {
        List<String> found = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && name.equals(parser.currentName())) {
                    found.add(parser.getText());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(json, e);
        }
        return found;
    }

    private String call(String method, String parameters) throws Exception {
        int mine = ++id;
        socket.sendText("{\"id\":" + mine + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}", true)
                .get(30, TimeUnit.SECONDS);
        return await("{\"id\":" + mine + ",");
    }

    private String await(String start) throws Exception {
        while (true) {
            String message = messages.poll(30, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("Chromium said nothing for 30 s; waited for " + start);
            }
            if (message.startsWith(start)) {
                return message;
            }
        }
    }

    /** Shows pages in a window of this size. */
    void size(int width, int height) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":" + (width < 600)
                        + "}");
    }

    void dark(boolean dark) throws Exception {
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"" + (dark ? "dark" : "light") + "\"}]}");
    }

    void withoutScripts() throws Exception {
        call("Emulation.setScriptExecutionDisabled", "{\"value\":true}");
    }

    void open(String url) throws Exception {
        messages.clear();
        call("Page.navigate", "{\"url\":\"" + url + "\"}");
        await("{\"method\":\"Page.loadEventFired\"");
    }

    /** Presses the button of this accessible name with a real mouse event, and waits for the page that comes. */
    void press(String name) throws Exception {
        String at = evaluate("(() => { const b = [...document.querySelectorAll('button')].find(b =>"
                + " (b.getAttribute('aria-label') || b.textContent) === '" + name + "');"
                + " if (!b) return ''; b.scrollIntoView({block: 'center'}); const r = b.getBoundingClientRect();"
                + " return '' + (r.left + r.width / 2) + ',' + (r.top + r.height / 2); })()");
        if (at.isEmpty()) {
            throw new AssertionError("no button " + name);
        }
        String[] point = at.split(",");
        messages.clear();
        for (String what : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    "{\"type\":\"" + what + "\",\"x\":" + point[0] + ",\"y\":" + point[1]
                            + ",\"button\":\"left\",\"clickCount\":1}");
        }
        await("{\"method\":\"Page.loadEventFired\"");
    }

    String text() throws Exception {
        return evaluate("document.body.innerText");
    }

    String evaluate(String script) throws Exception {
        String quoted = script.replace("\\", "\\\\").replace("\"", "\\\"");
        String answer = call("Runtime.evaluate", "{\"expression\":\"" + quoted + "\",\"returnByValue\":true}");
        List<String> values = strings(answer, "value");
        if (values.isEmpty()) {
            throw new IllegalStateException("no text: " + answer);
        }
        return values.get(0);
    }

    /** What a screen reader is given: roles and names. */
    List<String> accessibility() throws Exception {
        return strings(call("Accessibility.getFullAXTree", "{}"), "value");
    }

    void screenshot(Path file) throws Exception {
        String answer = call("Page.captureScreenshot", "{\"format\":\"png\",\"captureBeyondViewport\":true}");
        Files.write(file, Base64.getDecoder().decode(strings(answer, "data").get(0)));
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
}
