import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.WasmModule;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The steps of a script while they run (../README.md). */
final class Script {
    private final Abi.Module module;
    private final Map<String, Abi> instances = new HashMap<>();
    private final Map<String, Integer> variables = new HashMap<>();
    private Abi abi;

    Script(Abi.Module module) {
        this.module = module;
    }

    JsonArray run(JsonArray steps) {
        var shown = new JsonArray();
        for (JsonElement step : steps) {
            String outcome;
            try {
                outcome = step(step.getAsJsonObject());
            } catch (RuntimeException error) {
                outcome = error instanceof Abi.HostError ? error.getMessage() : error.toString();
            }
            if (outcome != null) {
                shown.add(outcome);
            }
        }
        return shown;
    }

    private int number(JsonElement value) {
        boolean named = value.getAsJsonPrimitive().isString();
        return named ? variables.get(value.getAsString()) : value.getAsInt();
    }

    /** What a step shows; null where it shows nothing. */
    private String step(JsonObject step) {
        if (step.has("instance")) {
            abi = new Abi(module, step);
            instances.put(step.get("instance").getAsString(), abi);
        } else if (step.has("use")) {
            abi = instances.get(step.get("use").getAsString());
        } else if (step.has("text")) {
            text(step);
        } else if (step.has("call")) {
            return call(step);
        } else if (step.has("copy")) {
            int from = number(step.get("from"));
            Memory other = instances.get(step.get("copy").getAsString()).memory();
            abi.write(other.readBytes(from, number(step.get("to")) - from), from);
        } else if (step.has("add")) {
            JsonArray terms = step.getAsJsonArray("add");
            variables.put(step.get("save").getAsString(), number(terms.get(0)) + number(terms.get(1)));
        } else if (step.has("repeat")) {
            for (int count = step.get("repeat").getAsInt(); count > 0; count--) {
                step.getAsJsonArray("steps").forEach(inner -> step(inner.getAsJsonObject()));
            }
        } else {
            return look(step);
        }
        return null;
    }

    private void text(JsonObject step) {
        var text = new StringBuilder();
        for (JsonElement piece : step.getAsJsonArray("text")) {
            text.append(piece.getAsJsonArray().get(0).getAsString().repeat(piece.getAsJsonArray().get(1).getAsInt()));
        }
        byte[] content = text.toString().getBytes(StandardCharsets.UTF_8);
        String save = step.get("save").getAsString();
        variables.put(save, abi.write(content, step.has("at") ? (Integer) number(step.get("at")) : null));
        variables.put(save + ".length", content.length);
    }

    private String call(JsonObject step) {
        JsonArray list = step.has("arguments") ? step.getAsJsonArray("arguments") : new JsonArray();
        int[] arguments = list.asList().stream().mapToInt(this::number).toArray();
        int result = abi.call(step.get("call").getAsString(), arguments);
        if (step.has("read")) {
            return abi.text(result);
        }
        if (step.has("save")) {
            variables.put(step.get("save").getAsString(), result);
            return null;
        }
        return String.valueOf(result);
    }

    /** What a step that changes nothing shows. */
    private String look(JsonObject step) {
        WasmModule of = module.module();
        if (step.has("read")) {
            return abi.text(number(step.get("read")));
        } else if (step.has("keys")) {
            return joined(abi.object(number(step.get("keys"))).keySet().stream());
        } else if (step.has("pages")) {
            return String.valueOf(abi.memory().pages());
        } else if (step.has("global")) {
            return String.valueOf((int) abi.instance.exports().global(step.get("global").getAsString()).getValue());
        } else if (step.has("imports")) {
            return joined(of.importSection().stream().map(entry -> entry.name()));
        }
        var exports = of.exportSection();
        return joined(IntStream.range(0, exports.exportCount()).mapToObj(place -> exports.getExport(place).name()));
    }

    private static String joined(Stream<String> names) {
        return names.sorted().collect(Collectors.joining(" "));
    }
}
