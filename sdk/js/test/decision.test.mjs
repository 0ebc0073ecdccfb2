// Decisions: inputs, answers, entrypoints, errors, and what an instance is good for after them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load, loadSync, PolicyError } from "../dist/index.js";
import { build, opa, opaBundle } from "./build.mjs";
import { openBundle } from "../dist/bundle.js";

const thrown = (run) => {
  try {
    run();
  } catch (error) {
    assert(error instanceof PolicyError, `${error.stack}`);
    return error;
  }
  assert.fail("nothing was thrown");
};

test("undefined is not false, and neither is null", () => {
  const policy = loadSync(build("package p\nv := input.v\nhas if input\nis_false := false\nis_null := null"));
  for (const v of [true, false, null, 0, -1.5, "", "true", [], {}, [false], { f: null }]) {
    assert.deepEqual(policy.evaluate({ v }, "p/v"), v);
    assert.equal(policy.evaluateText(JSON.stringify({ v }), "p/v"), JSON.stringify(v));
  }
  assert.equal(policy.evaluate({}, "p/v"), undefined);
  assert.equal(policy.evaluateText("{}", "p/v"), undefined);
  assert.equal(policy.evaluate(undefined, "p/is_false"), false);
  assert.equal(policy.evaluate(undefined, "p/is_null"), null);
  // An input that is falsy is an input.
  for (const input of [null, 0, "", true]) assert.equal(policy.evaluate(input, "p/has"), true);
  for (const input of [undefined, false]) assert.equal(policy.evaluate(input, "p/has"), undefined);
  assert.equal(policy.evaluateText(undefined, "p/has"), undefined);
  assert.equal(policy.evaluateText("null", "p/has"), "true");
});

test("entrypoints are found by name, and only one may be left out", () => {
  const one = loadSync(build("package p\na := 1", "-e", "p/a"));
  assert.deepEqual(one.entrypoints, ["p/a"]);
  assert.equal(one.evaluate(), 1);
  assert.equal(one.evaluate({}, "p/a"), 1);
  const two = loadSync(build("package p\na := 1\nb := 2", "-e", "p/a", "-e", "p/b"));
  assert.equal(two.evaluate({}, "p/b"), 2);
  const { code, message } = thrown(() => two.evaluate({}));
  assert.deepEqual([code, message], ["unknown_entrypoint", "the policy has several entrypoints: name one of p/a, p/b"]);
  assert.match(thrown(() => two.evaluate({}, "p/c")).message, /no entrypoint p\/c: it has p\/a, p\/b/);
  assert.equal(thrown(() => one.evaluate({}, "toString")).code, "unknown_entrypoint");
});

test("texts of every kind come back as they are", () => {
  const policy = loadSync(build("package p\nv := input", "-e", "p/v"));
  const same = (value) => assert.deepEqual(policy.evaluate(value), value);
  for (const text of ["ä€😀", "\u0000\u0001\u001f\u007f", "\ufeff", '"\\/', "\u2028", "a".repeat(100_000), "€".repeat(100_000), `a${"😀".repeat(70_000)}`]) {
    same(text);
    same({ [text]: [text] });
    assert.equal(JSON.parse(policy.evaluateText(JSON.stringify(text))), text);
    assert.equal(JSON.parse(policy.evaluateText(new TextEncoder().encode(JSON.stringify(text)))), text);
  }
  same({ toString: 1, constructor: { name: 2 } });
  assert.equal(policy.evaluateText('{"__proto__":1}'), '{"__proto__":1}');
  // Half of a pair is no text.
  assert.equal(policy.evaluate("a\ud800b"), "a\ufffdb");
  assert.equal(policy.evaluateText('"a\ud800b"'), '"a\ufffdb"');
});

test("numbers are exact in texts", () => {
  const policy = loadSync(build("package p\nv := input\nsum := input + 1"));
  const long = "1".repeat(10_000);
  assert.equal(policy.evaluateText(long, "p/v"), long);
  assert.equal(policy.evaluateText("9007199254740993", "p/sum"), "9007199254740994");
  assert.equal(policy.evaluate(0.1, "p/v"), 0.1);
  assert.equal(policy.evaluateText("1.0", "p/v"), "1.0");
});

test("what is no JSON is refused, and the next decision is in order", () => {
  const policy = loadSync(build("package p\nv := input", "-e", "p/v"));
  const cyclic = {};
  cyclic.self = cyclic;
  for (const input of [cyclic, 1n, () => 1, Symbol("s"), { toJSON() { throw new Error("no"); } }]) {
    assert.equal(thrown(() => policy.evaluate(input)).code, "invalid_input");
  }
  for (const text of ["", " ", "{", "nope", "{} {}", new Uint8Array(0), Uint8Array.of(0xff)]) {
    assert.equal(thrown(() => policy.evaluateText(text)).code, "invalid_input", `${text}`);
    assert.equal(policy.evaluate(1), 1);
  }
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  assert.match(thrown(() => policy.evaluateText(deep)).code, /invalid_input|eval_internal_error/);
  assert.equal(policy.evaluate(1), 1);
});

test("100 MB of input", () => {
  const policy = loadSync(build("package p\nv := count(input.a)", "-e", "p/v"));
  assert.equal(policy.evaluate({ a: "x".repeat(100e6) }), 100e6);
  assert.equal(policy.evaluateText(`{"a": "${"€".repeat(30e6)}"}`), "30000000");
  assert.equal(policy.evaluate({ a: [1] }), 1);
});

test("an error of the policy has its code and place, and the instance goes on", () => {
  const policy = loadSync(build({ "a b.rego": "package p\n\nv := 1 if input.x\nv := 2 if input.y\n" }, "-e", "p/v"));
  const memory = policy.memorySize;
  for (let round = 0; round < 1000; round++) {
    const error = thrown(() => policy.evaluate({ x: true, y: true }));
    assert.deepEqual([error.code, error.file, error.row, error.column], ["eval_conflict_error", "a b.rego", 4, 1]);
    assert.match(error.message, /^.*produced conflicting values[^]*\n/);
    assert.equal(String(error), `PolicyError: a b.rego:4:1: eval_conflict_error: ${error.message}`);
    assert.equal(policy.evaluate({ x: true }), 1);
  }
  assert.equal(policy.memorySize, memory);
});

test("texts of abort are taken apart", () => {
  const parts = (text) => {
    const { code, message, file, row, column } = PolicyError.fromAbort(text);
    return [code, message, file, row, column];
  };
  assert.deepEqual(parts("C:\\x.rego:12:7: var assignment conflict"), ["eval_conflict_error", "var assignment conflict", "C:\\x.rego", 12, 7]);
  assert.deepEqual(parts("eval_builtin_error: div: divide by zero"), ["eval_builtin_error", "div: divide by zero", undefined, undefined, undefined]);
  assert.deepEqual(parts("opa_malloc: failed").slice(0, 2), ["out_of_memory", "opa_malloc: failed"]);
  assert.deepEqual(parts("x.rego:1:2: eval_conflict_error: m:\n  1 at x.rego:1").slice(1), ["m:\n  1 at x.rego:1", "x.rego", 1, 2]);
  // Only the first line has the place.
  assert.deepEqual(parts('eval_conflict_error: m:\n  "a:1:2: b"').slice(0, 3), ["eval_conflict_error", 'm:\n  "a:1:2: b"', undefined]);
  assert.equal("file" in PolicyError.fromAbort("m"), false);
});

test("memory that is used up is an error, and the next decision is in order", () => {
  const module = build("package p\nv := count(input)\nbig := concat(\"\", [x | some i in numbers.range(1, input); x := \"0123456789abcdef\"])");
  const policy = loadSync(module, { memory: { maximum: 4 } });
  assert.equal(thrown(() => policy.evaluate("a".repeat(300_000), "p/v")).code, "out_of_memory");
  assert.equal(policy.evaluate("abc", "p/v"), 3);
  assert.equal(thrown(() => policy.evaluate(100_000, "p/big")).code, "out_of_memory");
  assert.equal(policy.evaluate("abc", "p/v"), 3);
  assert.equal(thrown(() => policy.setData({ text: "a".repeat(300_000) })).code, "out_of_memory");
  assert.equal(policy.evaluate("abc", "p/v"), 3);
  assert(policy.memorySize <= 4 * 65536);
  assert.equal(thrown(() => loadSync(module, { memory: { initial: 0, maximum: 0 } })).code, "invalid_module");
});

test("an instance that trapped is replaced, with its data", () => {
  // Of (module) with a body of `unreachable` there is none in a policy that compiles, so the trap comes from the stack of the caller.
  const policy = loadSync(build("package p\nv := data.x", "-e", "p/v"), { data: { x: 1 } });
  policy.setDataAt(["x"], 2);
  let errors = 0;
  const overflow = () => {
    try {
      overflow();
    } catch {
      // As many times as there are frames in which the module has too little stack.
      if (errors < 20) {
        try {
          policy.evaluate({});
        } catch (error) {
          errors++;
        }
      }
    }
  };
  overflow();
  assert(errors > 0);
  assert.equal(policy.evaluate({}), 2);
});

test("memory is flat over 100,000 decisions", () => {
  const policy = loadSync(build("package p\nv := [y | some x in input; y := x * 2]", "-e", "p/v"));
  const input = Array.from({ length: 50 }, (_, at) => at);
  let first = 0;
  for (let round = 0; round < 100_000; round++) {
    policy.evaluate(input);
    if (round === 1000) first = policy.memorySize;
  }
  assert.equal(policy.memorySize, first);
});

test("instances over one module do not know of each other", () => {
  const policy = loadSync(build("package p\nv := data.x", "-e", "p/v"), { data: { x: 1 } });
  const other = policy.clone();
  assert.equal(other.module, policy.module);
  policy.setData({ x: 2 });
  other.setDataAt(["x"], [3]);
  const third = other.clone();
  other.setData({});
  assert.deepEqual([policy.evaluate(), other.evaluate(), third.evaluate()], [2, undefined, [3]]);
});

test("a policy of OPA's answers the same", { skip: !opa && "OPA is not installed" }, async () => {
  const text = `package p
    allow if input.x == 1
    names contains data.users[_].name
    v := 1 if input.x
    v := 2 if input.y
    halves := [half | some x in input; half := bits.and(x, data.mask)]
    missing := sprintf("%d", [input.x])`;
  const { module } = await openBundle(opaBundle(text, ...["allow", "names", "v", "halves"].flatMap((name) => ["-e", `p/${name}`])));
  const policy = await load(module);
  assert.equal(policy.evaluate({ x: 1 }, "p/allow"), true);
  for (const input of [{ x: 2 }, null, undefined]) assert.equal(policy.evaluate(input, "p/allow"), undefined);
  for (let round = 0; round < 200; round++) policy.setData({ users: { a: { name: "ann" }, b: { name: `b${round}` } }, filler: "x".repeat(10_000) });
  policy.setDataAt(["users", "c"], { name: "c" });
  policy.removeDataAt(["users", "a"]);
  assert.deepEqual(policy.evaluate({}, "p/names").sort(), ["b199", "c"]);
  // It leaves out the place.
  const { code, message } = thrown(() => policy.evaluate({ x: 1, y: 1 }, "p/v"));
  assert.deepEqual([code, /conflict/.test(message)], ["eval_conflict_error", true]);
  assert.equal(policy.evaluate({ x: 1 }, "p/v"), 1);
  // OPA's modules take any other text for no input.
  assert.equal(thrown(() => policy.evaluateText("{", "p/v")).code, "invalid_input");
  assert.equal(policy.evaluateText('{"x":1}', "p/v"), "1");
  const memory = policy.memorySize;
  for (let round = 0; round < 20_000; round++) policy.evaluate([1, 2, 3], "p/halves");
  assert.equal(policy.memorySize, memory);
});
