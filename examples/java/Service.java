import com.styra.opa.wasm.OpaPolicy;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** POST /violation with an input answers what the policy says of it. */
class Service {
    // One for each thread: a policy answers one question at a time. The server here has one thread.
    private final OpaPolicy policy = OpaPolicy.builder().withPolicy(Path.of("policy.wasm")).build().data("{}");
    private final com.fasterxml.jackson.databind.ObjectMapper json = new com.fasterxml.jackson.databind.ObjectMapper();

    public static void main(String[] arguments) throws IOException {
        var port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", new Service()::handle);
        server.start();
        System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST") || !exchange.getRequestURI().getPath().equals("/violation")) {
            answer(exchange, 404, "{\"error\":\"POST /violation\"}");
            return;
        }
        var input = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try {
            var given = json.readTree(input);
            if (given.isMissingNode()) {
                answer(exchange, 400, "{\"error\":\"no input\"}");
                return;
            }
            var results = json.readTree(policy.evaluate(given));
            // No result is an undefined decision.
            answer(exchange, 200, results.isEmpty() ? "null" : results.get(0).get("result").toString());
        } catch (com.fasterxml.jackson.core.JsonProcessingException error) {
            answer(exchange, 400, json.createObjectNode().put("error", error.getOriginalMessage()).toString());
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (var body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }
}
