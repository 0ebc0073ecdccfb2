import com.dylibso.chicory.runtime.Instance;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A host in Chicory that knows only the ABI's calls: Host FOLDER MODE [COUNT] prints the report (../README.md). */
public final class Host {
    private final Path folder;
    private final JsonObject asked;
    private final Integer count;

    private Host(Path folder, Integer count) throws IOException {
        this.folder = folder;
        this.count = count;
        asked = JsonParser.parseString(Files.readString(folder.resolve("cases.json"))).getAsJsonObject();
    }

    public static void main(String[] arguments) throws IOException {
        var host = new Host(Path.of(arguments[0]), arguments.length > 2 ? Integer.valueOf(arguments[2]) : null);
        String mode = arguments[1];
        var report = new JsonObject();
        report.addProperty("host", "the ABI's calls");
        report.addProperty("engine", "Chicory " + version() + " in Java " + Runtime.version().feature());
        switch (mode) {
            case "cases" -> report.add("cases", host.cases());
            case "data" -> report.add("data", host.data());
            case "soak" -> report.add("soak", host.soak());
            case "speed" -> report.add("speed", host.speed());
            default -> report.add("scripts", host.scripts(mode));
        }
        System.out.println(report);
    }

    /** The version stands in the name of the library's file. */
    private static String version() {
        String file = Path.of(Instance.class.getProtectionDomain().getCodeSource().getLocation().getPath()).getFileName().toString();
        return file.replaceAll("runtime-|\\.jar", "");
    }

    private Abi.Module module(String name) throws IOException {
        return Abi.Module.of(Files.readAllBytes(folder.resolve(name)));
    }

    private static String text(JsonObject row, String field) {
        return row.has(field) ? row.get(field).getAsString() : null;
    }

    private JsonArray cases() {
        var report = new JsonArray();
        for (JsonElement element : asked.getAsJsonArray("cases")) {
            JsonObject row = element.getAsJsonObject();
            var entry = new JsonObject();
            entry.add("id", row.get("id"));
            try {
                var policy = new Policy(module(text(row, "module")), asked.getAsJsonObject("builtins"));
                policy.setData(text(row, "data"));
                entry.addProperty("answer", policy.evaluate(text(row, "input"), text(row, "entrypoint")));
            } catch (IOException | RuntimeException error) {
                entry.addProperty("error", error.toString());
            }
            report.add(entry);
        }
        return report;
    }

    private JsonObject kept(List<String> answers, String counted, int count, long before, long after) {
        var report = new JsonObject();
        var list = new JsonArray();
        answers.forEach(list::add);
        report.add("answers", list);
        report.addProperty(counted, count);
        var memory = new JsonArray();
        memory.add(before);
        memory.add(after);
        report.add("memory", memory);
        return report;
    }

    private JsonObject data() throws IOException {
        JsonObject row = asked.getAsJsonObject("data");
        int times = count == null ? row.get("replacements").getAsInt() : count;
        var policy = new Policy(module(text(row, "module")), new JsonObject());
        var answers = new String[2];
        long tenth = 0;
        for (int number = 1; number <= times; number++) {
            policy.setData(row.getAsJsonArray("documents").get((number - 1) % 2).getAsString());
            String answer = policy.evaluate(text(row, "input"), text(row, "entrypoint"));
            if (number <= 2) {
                answers[number - 1] = answer;
            }
            if (number == 10) {
                tenth = policy.memory();
            }
        }
        return kept(Arrays.asList(answers), "replacements", times, tenth, policy.memory());
    }

    private JsonObject soak() throws IOException {
        JsonObject row = asked.getAsJsonObject("soak");
        int times = count == null ? row.get("evaluations").getAsInt() : count;
        var policy = new Policy(module(text(row, "module")), new JsonObject());
        policy.setData(text(row, "data"));
        String input = text(row, "input");
        String entrypoint = text(row, "entrypoint");
        String answer = "";
        long before = 0;
        for (int number = 1; number <= times; number++) {
            answer = policy.evaluate(input, entrypoint);
            if (number == 1000) {
                before = policy.memory();
            }
        }
        return kept(List.of(answer), "evaluations", times, before, policy.memory());
    }

    /** Something whose time is taken. */
    private interface Work {
        void run() throws IOException;
    }

    /** How long two works take in nanoseconds: they take turns, each so often in a turn that the clock shows it. */
    private static JsonArray medians(Work first, Work second, int turns, long warm) throws IOException {
        var works = new Work[] {first, second};
        var counts = new int[2];
        var times = new long[2][turns];
        for (int place = 0; place < 2; place++) {
            // The JVM compiles what runs often, so this is more than one turn.
            long start = System.nanoTime();
            int all = 0;
            while (System.nanoTime() - start < warm) {
                works[place].run();
                all++;
            }
            counts[place] = Math.max(1, (int) (all * 20_000_000L / warm));
        }
        for (int turn = 0; turn < turns; turn++) {
            for (int place = 0; place < 2; place++) {
                long start = System.nanoTime();
                for (int index = 0; index < counts[place]; index++) {
                    works[place].run();
                }
                times[place][turn] = (System.nanoTime() - start) / counts[place];
            }
        }
        var medians = new JsonArray();
        for (long[] of : times) {
            Arrays.sort(of);
            medians.add(of[turns / 2]);
        }
        return medians;
    }

    private JsonArray speed() throws IOException {
        var report = new JsonArray();
        for (JsonElement element : asked.getAsJsonArray("figures")) {
            JsonObject row = element.getAsJsonObject();
            var none = new JsonObject();
            var decide = new Work[2];
            var load = new Work[2];
            var instantiate = new Work[2];
            for (int place = 0; place < 2; place++) {
                String name = text(row, place == 0 ? "module" : "opas");
                Abi.Module module = module(name);
                var policy = new Policy(module, none);
                policy.setData(text(row, "data"));
                String input = text(row, "input");
                String entrypoint = text(row, "entrypoint");
                decide[place] = () -> policy.evaluate(input, entrypoint);
                load[place] = () -> new Policy(module(name), none);
                instantiate[place] = () -> new Policy(module, none);
            }
            var entry = new JsonObject();
            entry.add("id", row.get("id"));
            entry.add("decision", medians(decide[0], decide[1], 15, 3_000_000_000L));
            entry.add("load", medians(load[0], load[1], 5, 500_000_000L));
            entry.add("instantiate", medians(instantiate[0], instantiate[1], 9, 500_000_000L));
            report.add(entry);
        }
        return report;
    }

    private JsonArray scripts(String mode) throws IOException {
        var report = new JsonArray();
        for (JsonElement element : asked.getAsJsonObject("scripts").getAsJsonArray(mode)) {
            JsonObject script = element.getAsJsonObject();
            var entry = new JsonObject();
            entry.add("id", script.get("id"));
            entry.add("outcomes", new Script(module(text(script, "module"))).run(script.getAsJsonArray("steps")));
            report.add(entry);
        }
        return report;
    }
}
