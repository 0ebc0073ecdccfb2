import com.dylibso.chicory.runtime.Memory;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;

/** A policy asked by the ABI's calls. */
final class Policy {
    private final Abi abi;
    private final JsonObject entrypoints;
    private final int base;
    private int data;
    private int end;

    Policy(Abi.Module module, JsonObject builtins) {
        var settings = new JsonObject();
        settings.add("builtins", builtins);
        abi = new Abi(module, settings);
        entrypoints = abi.table("entrypoints");
        base = abi.call("opa_heap_ptr_get");
        setData("{}");
    }

    void setData(String json) {
        abi.call("opa_heap_ptr_set", base);
        data = abi.value(json);
        end = abi.call("opa_heap_ptr_get");
    }

    String evaluate(String input, String entrypoint) {
        int number = entrypoints.has(entrypoint) ? entrypoints.get(entrypoint).getAsInt() : -1;
        if (input == null) {
            return abi.text(abi.call("opa_eval", 0, number, data, 0, 0, end, 0));
        }
        byte[] content = input.getBytes(StandardCharsets.UTF_8);
        abi.write(content, end);
        return abi.text(abi.call("opa_eval", 0, number, data, end, content.length, end + content.length, 0));
    }

    long memory() {
        return (long) abi.memory().pages() * Memory.PAGE_SIZE;
    }
}
