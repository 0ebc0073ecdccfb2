// Builtins that the host answers: OPA's effects and those of the embedder, sync and async, and what happens when they fail.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load, loadSync, PolicyError } from "../dist/index.js";
import { build } from "./build.mjs";

const any = { type: "any" };
const own = (name, count) => ({ name, decl: { type: "function", args: Array(count).fill(any), result: any } });
const native = [
  { name: "assign", infix: ":=", decl: { type: "function", args: [any, any], result: { type: "boolean" } } },
  { name: "eq", infix: "=", decl: { type: "function", args: [any, any], result: { type: "boolean" } } },
  { name: "plus", infix: "+", decl: { type: "function", args: [{ type: "number" }, { type: "number" }], result: { type: "number" } } },
];

/** A policy that may call builtins of these names, each with a count of arguments. */
function custom(text, counts, flags = []) {
  const capabilities = { builtins: [...native, ...Object.entries(counts).map(([name, count]) => own(name, count))], features: ["rego_v1"] };
  return build({ "policy.rego": text, "capabilities.yaml": JSON.stringify(capabilities) }, "--capabilities", "capabilities.yaml", ...flags);
}

test("time stands still within a decision, and goes on between them", () => {
  const policy = loadSync(build("package p\nv := [time.now_ns(), f(1), f(2)]\nf(_) := time.now_ns()", "-e", "p/v"));
  const before = Date.now();
  const [first, second, third] = policy.evaluate();
  assert(first === second && second === third);
  assert(first / 1e6 >= before - 1 && first / 1e6 <= Date.now() + 1);
  let now = 0n;
  const fixed = loadSync(policy.module, { builtins: { "time.now_ns": () => (now += 1_700_000_000_000_000_001n) } });
  assert.equal(fixed.evaluateText(), `[${Array(3).fill("1700000000000000001")}]`);
  assert.equal(fixed.evaluateText(), `[${Array(3).fill("3400000000000000002")}]`);
});

test("randomness is the same for the same arguments, within its limits", () => {
  const policy = loadSync(build('package p\nv := [rand.intn("a", 1000000), rand.intn("a", 1000000), rand.intn("b", 1000000), rand.intn("c", 0), uuid.rfc4122("a"), uuid.rfc4122("a"), uuid.rfc4122("b")]', "-e", "p/v"));
  const seen = new Set();
  for (let round = 0; round < 50; round++) {
    const [a, again, b, zero, id, same, other] = policy.evaluate();
    assert(a === again && id === same && id !== other && zero === 0);
    assert(Number.isInteger(a) && a >= 0 && a < 1_000_000 && b < 1_000_000);
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    seen.add(id).add(a);
  }
  assert(seen.size > 95);
  const wrong = loadSync(build("package p\nv := rand.intn(input.seed, input.limit)", "-e", "p/v"));
  assert.equal(wrong.evaluate({ seed: "a", limit: 1.5 }), undefined);
  assert.equal(wrong.evaluate({ seed: 1, limit: 5 }), undefined);
  assert.equal(wrong.evaluate({ seed: "a", limit: -1 }), 0);
});

test("printed lines go where they are wanted", (context) => {
  const module = build('package p\nv if print("x", input.x, input.none, {1, "a"}, [null])', "-e", "p/v", "--wasm-include-print");
  const lines = [];
  assert.equal(loadSync(module, { print: (line) => lines.push(line) }).evaluate({ x: "y z" }), true);
  assert.deepEqual(lines, ['x y z <undefined> [1,"a"] [null]']);
  const error = context.mock.method(console, "error", () => {});
  loadSync(module).evaluate({ x: 1 });
  assert.deepEqual(error.mock.calls[0].arguments, ['x 1 <undefined> [1,"a"] [null]']);
});

test("a builtin of one's own gets and gives values", () => {
  const counts = { "my.none": 0, "my.same": 1, "my.four": 4, "my.set": 1 };
  const text = 'package p\nsame := my.same(input)\nnone := my.none()\nfour := my.four(1, {"b"}, {1: 2}, [null])\nset := x if my.set(input) = x';
  let answer;
  const seen = [];
  const policy = loadSync(custom(text, counts), {
    builtins: { "my.same": (value) => value, "my.none": () => answer, "my.four": (...all) => seen.push(all), "my.set": (items) => new Set(items) },
  });
  for (const value of [null, true, 0, "ä😀", [], [[1]], { a: { b: [] } }, "x".repeat(200_000)]) {
    assert.deepEqual(policy.evaluate(value, "p/same"), value);
  }
  assert.equal(policy.evaluate({}, "p/four"), 1);
  assert.deepEqual(seen, [[1, ["b"], { 1: 2 }, [null]]]);
  assert.deepEqual(policy.evaluate([2, 1, 2], "p/set"), [1, 2]);
  const is = (given, text) => {
    answer = given;
    assert.equal(policy.evaluateText(undefined, "p/none"), text);
  };
  is(undefined, undefined);
  is(new Set(), "[]");
  is(10n ** 30n, `1${"0".repeat(30)}`);
  is({ a: new Set([[1n]]), b: undefined }, '{"a":[[1]]}');
  is(NaN, "null");
  is([undefined], "[null]");
  is(new Date(0), '"1970-01-01T00:00:00.000Z"');
  is(Object.create({ inherited: 1 }), "{}");
  is("\ud800", '"\ufffd"');
});

test("a builtin that fails is undefined, or an error with its place", () => {
  const counts = { "my.fail": 1 };
  const text = "package p\n\nv := x if {\n  x := my.fail(input)\n}\nelse := \"else\"";
  const told = [];
  const builtins = { "my.fail": (why) => { throw why === "no error" ? why : new RangeError(why); } };
  const onBuiltinError = (error, call) => told.push([error.message ?? error, call]);
  const module = custom(text, counts, ["-e", "p/v"]);
  assert.equal(loadSync(module, { builtins }).evaluate("oh"), "else");
  assert.equal(loadSync(module, { builtins, onBuiltinError }).evaluate("oh"), "else");
  assert.deepEqual(told, [["oh", { name: "my.fail" }]]);
  const strict = loadSync(custom(text, counts, ["-e", "p/v", "--strict-builtin-errors"]), { builtins, onBuiltinError, strictBuiltinErrors: true });
  const thrown = (input) => {
    try {
      strict.evaluate(input);
    } catch (error) {
      return error;
    }
  };
  const error = thrown("oh");
  assert(error instanceof PolicyError && error.cause instanceof RangeError);
  assert.deepEqual([error.code, error.message, error.file, error.row, error.column], ["eval_builtin_error", "my.fail: oh", "policy.rego", 4, 8]);
  assert.equal(thrown("no error").message, "my.fail: no error");
  assert.deepEqual(told.slice(1).map(([, call]) => call), Array(2).fill({ name: "my.fail", file: "policy.rego", row: 4, column: 8 }));
});

test("a builtin may not ask the policy that it answers, but a clone", () => {
  let other = () => policy;
  const builtins = { "my.ask": (input) => (input === 0 ? 0 : other().evaluate(input - 1)) };
  const failures = [];
  const policy = loadSync(custom("package p\nv := my.ask(input) + 1", { "my.ask": 1 }, ["-e", "p/v"]), { builtins, onBuiltinError: (error) => failures.push(error.code) });
  assert.equal(policy.evaluate(1), undefined);
  assert.deepEqual(failures, ["busy"]);
  other = () => policy.clone();
  assert.equal(policy.evaluate(5), 6);
});

test("the memory of builtins is given back", () => {
  const policy = loadSync(custom("package p\nv := my.same(input)", { "my.same": 1 }, ["-e", "p/v"]), { builtins: { "my.same": (value) => value } });
  policy.evaluate("x".repeat(10_000));
  const memory = policy.memorySize;
  for (let round = 0; round < 20_000; round++) policy.evaluate("x".repeat(10_000));
  assert.equal(policy.memorySize, memory);
});

const answers = 'package p\nv := [one, two] if {\n  one := http.send({"method": "get", "url": input.url}).body\n  two := http.send({"method": "get", "url": sprintf("%s/%d", [input.url, one.next])}).body\n}';

test("promises are waited for, and each call is made once", async () => {
  const asked = [];
  const send = async ({ url }) => {
    asked.push(url);
    await new Promise((ready) => setTimeout(ready, 1));
    return { status_code: 200, body: { url, next: 7 } };
  };
  const policy = await load(build(answers, "-e", "p/v"), { builtins: { "http.send": send } });
  assert.deepEqual(await policy.evaluateAsync({ url: "a" }), [{ url: "a", next: 7 }, { url: "a/7", next: 7 }]);
  assert.deepEqual(asked, ["a", "a/7"]);
  // Many at once, over one instance.
  const both = await Promise.all(["b", "c", "d"].map((url) => policy.evaluateAsync({ url })));
  assert.deepEqual(both.map(([one, two]) => [one.url, two.url]), [["b", "b/7"], ["c", "c/7"], ["d", "d/7"]]);
  assert.throws(() => policy.evaluate({ url: "e" }), { code: "async_builtin", message: /http\.send.*evaluateAsync/ });
});

test("a promise that fails is undefined, or an error; nothing is unhandled", async () => {
  const told = [];
  const options = { builtins: { "http.send": () => Promise.reject(new Error("refused")) }, onBuiltinError: (error, { name }) => told.push(`${name} ${error.message}`) };
  const module = build(answers, "-e", "p/v");
  const policy = await load(module, options);
  assert.equal(await policy.evaluateAsync({ url: "a" }), undefined);
  assert.deepEqual(told, ["http.send refused"]);
  assert.throws(() => policy.evaluate({ url: "a" }), { code: "async_builtin" });
  const strict = await load(module, { ...options, strictBuiltinErrors: true });
  await assert.rejects(strict.evaluateAsync({ url: "a" }), { code: "eval_builtin_error", message: "http.send: refused" });
  await new Promise((ready) => setTimeout(ready, 5));
});
