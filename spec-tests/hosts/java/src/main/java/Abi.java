import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.compiler.MachineFactoryCompiler;
import com.dylibso.chicory.runtime.ByteArrayMemory;
import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.ImportMemory;
import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Machine;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.wasm.Parser;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.MemoryImport;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** An instance of a module in Chicory: its exports, its memory, and what its imports do. */
final class Abi {
    /** A module that is compiled to bytecode of the JVM; functions that are too large for that are interpreted. */
    record Module(WasmModule module, Function<Instance, Machine> machine) {
        static Module of(byte[] bytes) {
            WasmModule module = Parser.parse(bytes);
            var compiler = MachineFactoryCompiler.builder(module).withInterpreterFallback(InterpreterFallback.SILENT);
            return new Module(module, compiler.compile());
        }
    }

    /** What an import of the host says. */
    static final class HostError extends RuntimeException {
        HostError(String message) {
            super(message);
        }
    }

    final Instance instance;
    private final Map<String, JsonObject> builtins = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final boolean abortReturns;
    private Memory memory;

    /** Settings are those of a script's step `instance`. */
    Abi(Module module, JsonObject settings) {
        abortReturns = settings.has("abortReturns");
        if (settings.has("builtins")) {
            settings.getAsJsonObject("builtins").asMap().forEach((name, answer) -> builtins.put(name, answer.getAsJsonObject()));
        }
        var imports = ImportValues.builder();
        module.module.importSection().stream().forEach(of -> {
            if (of instanceof MemoryImport asked) {
                int least = settings.has("pages") ? settings.get("pages").getAsInt() : asked.limits().initialPages();
                int most = settings.has("maximum") ? settings.get("maximum").getAsInt() : MemoryLimits.MAX_PAGES;
                memory = new ByteArrayMemory(new MemoryLimits(least, most));
                imports.addMemory(new ImportMemory("env", of.name(), memory));
            } else if (of instanceof FunctionImport function) {
                var type = (FunctionType) module.module.typeSection().getType(function.typeIndex());
                imports.addFunction(new HostFunction("env", of.name(), type, (caller, operands) -> imported(of.name(), operands)));
            }
        });
        instance = Instance.builder(module.module)
                .withImportValues(imports.build())
                .withMachineFactory(module.machine)
                .build();
        table("builtins").asMap().forEach((name, number) -> names.put(number.getAsInt(), name));
    }

    private long[] imported(String name, long[] operands) {
        switch (name) {
            case "opa_println":
                return null;
            case "opa_abort":
                if (abortReturns) {
                    return null;
                }
                throw new HostError("abort: " + text((int) operands[0]));
            default:
                return new long[] {builtin((int) operands[0], operands)};
        }
    }

    private long builtin(int number, long[] operands) {
        String name = names.getOrDefault(number, String.valueOf(number));
        JsonObject answer = builtins.get(name);
        if (answer == null) {
            throw new HostError("host: no builtin " + name);
        }
        if (answer.has("throws")) {
            throw new HostError("host: " + answer.get("throws").getAsString());
        }
        if (answer.has("arguments")) {
            var texts = new StringBuilder("[");
            for (int place = 2; place < operands.length; place++) {
                texts.append(place > 2 ? "," : "").append(text(call("opa_json_dump", (int) operands[place])));
            }
            return value(texts.append("]").toString());
        }
        return answer.has("answer") ? value(answer.get("answer").getAsString()) : 0;
    }

    /** Calls an export; 0 where it gives nothing. */
    int call(String name, int... arguments) {
        long[] values = new long[arguments.length];
        for (int place = 0; place < values.length; place++) {
            values[place] = arguments[place];
        }
        try {
            long[] results = instance.export(name).apply(values);
            return results == null || results.length == 0 ? 0 : (int) results[0];
        } catch (HostError error) {
            throw error;
        } catch (RuntimeException | StackOverflowError error) {
            throw new HostError("trap: " + error);
        }
    }

    Memory memory() {
        return memory;
    }

    /** The text at an address, which ends with a NUL byte. */
    String text(int address) {
        int end = address;
        while (memory.read(end) != 0) {
            end++;
        }
        return new String(memory.readBytes(address, end - address), StandardCharsets.UTF_8);
    }

    /** Writes bytes where the module has room for them, or at an address behind which nothing lies. */
    int write(byte[] content, Integer at) {
        int address = at == null ? call("opa_malloc", content.length) : at;
        long missing = Integer.toUnsignedLong(address) + content.length - (long) memory.pages() * Memory.PAGE_SIZE;
        if (missing > 0 && memory.grow((int) ((missing + Memory.PAGE_SIZE - 1) / Memory.PAGE_SIZE)) < 0) {
            throw new HostError("host: no room");
        }
        memory.write(address, content, 0, content.length);
        return address;
    }

    /** The value of a JSON text; 0 if it is none. */
    int value(String json) {
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        return call("opa_json_parse", write(content, null), content.length);
    }

    JsonObject table(String name) {
        return object(call(name));
    }

    JsonObject object(int value) {
        JsonElement json = JsonParser.parseString(text(call("opa_json_dump", value)));
        return json.getAsJsonObject();
    }
}
