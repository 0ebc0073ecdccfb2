// Data: as a whole, as a text, by path, and what memory it takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSync, PolicyError } from "../dist/index.js";
import { build } from "./build.mjs";

const ofA = build("package p\nv := data.a", "-e", "p/v");
const refused = (code) => (error) => error instanceof PolicyError && error.code === code;

test("the data is replaced as a whole", () => {
  const policy = loadSync(ofA, { data: { a: 1 } });
  assert.equal(policy.evaluate(), 1);
  policy.setData({ a: { b: ["ä", null] } });
  assert.deepEqual(policy.evaluate(), { b: ["ä", null] });
  policy.setDataText('{"a": 1.0}');
  assert.equal(policy.evaluateText(), "1.0");
  const bytes = new TextEncoder().encode('{"a": 2}');
  policy.setDataText(bytes);
  // They are the caller's again.
  bytes.fill(0);
  assert.equal(policy.clone().evaluate(), 2);
  policy.setData({});
  assert.equal(policy.evaluate(), undefined);
});

test("what is no data is refused, and the data stays", () => {
  const policy = loadSync(ofA, { data: { a: 1 } });
  for (const data of [undefined, null, 1, [], "a", { a: 1n }]) assert.throws(() => policy.setData(data), refused("invalid_data"));
  for (const text of ["", "{", '{"a": 1}}']) assert.throws(() => policy.setDataText(text), refused("invalid_data"), text);
  assert.equal(policy.evaluate(), 1);
  assert.throws(() => loadSync(ofA, { data: [] }), refused("invalid_data"));
});

test("values are set and removed by path", () => {
  const policy = loadSync(ofA);
  const is = (value) => assert.deepEqual(policy.evaluate(), value);
  policy.setDataAt(["a", "b", "c"], 1);
  is({ b: { c: 1 } });
  policy.setDataAt(["a", "b", "d e"], [2]);
  is({ b: { c: 1, "d e": [2] } });
  policy.setDataAt(["a", "b", "c"], "x");
  is({ b: { c: "x", "d e": [2] } });
  policy.removeDataAt(["a", "b", "d e"]);
  is({ b: { c: "x" } });
  policy.setDataAt([], { a: 3, b: 4 });
  is(3);
  policy.removeDataAt([]);
  is(undefined);
});

test("paths that lead nowhere are refused, and the data stays", () => {
  const policy = loadSync(ofA, { data: { a: { text: "x" } } });
  assert.throws(() => policy.setDataAt(["a", "text", "more"], 1), refused("invalid_path"));
  assert.throws(() => policy.setDataAt(["a", "text", "more", "more"], 1), refused("invalid_path"));
  assert.throws(() => policy.setDataAt(["a", "b"], undefined), refused("invalid_data"));
  assert.throws(() => policy.setDataAt(["a", "b"], () => 1), refused("invalid_data"));
  assert.deepEqual(policy.evaluate(), { text: "x" });
  assert.deepEqual(policy.clone().evaluate(), { text: "x" });
  // What is not there is removed already.
  for (const path of [["a", "other"], ["b", "other"], ["a", "text", "more"]]) policy.removeDataAt(path);
  assert.deepEqual(policy.evaluate(), { text: "x" });
});

test("memory is flat over 1,000 replacements of 1 MB", () => {
  const policy = loadSync(build("package p\nv := data.filler[_]", "-e", "p/v"));
  let tenth = 0;
  for (let round = 0; round < 1000; round++) {
    policy.setDataText(`{"filler":["${String(round).padEnd(1 << 20, "x")}"]}`);
    if (round % 100 === 9) assert(policy.evaluate().startsWith(`${round}x`));
    if (round === 9) tenth = policy.memorySize;
  }
  assert(policy.memorySize <= tenth * 1.05, `${policy.memorySize} bytes, ${tenth} after the tenth`);
});

test("memory is bounded over 100,000 changes by path, and none is lost", () => {
  const policy = loadSync(ofA);
  for (let round = 0; round < 100_000; round++) policy.setDataAt(["a", `k${round % 10}`], { round, filler: "x".repeat(50) });
  policy.removeDataAt(["a", "k0"]);
  const data = policy.evaluate();
  assert.deepEqual([Object.keys(data).length, data.k9.round, data.k1.round], [9, 99_999, 99_991]);
  assert(policy.memorySize < 4 << 20, `${policy.memorySize}`);
});

test("embedded data is there, and what is passed is laid over it", () => {
  const policy = loadSync(build({ "policy.rego": "package p\nv := data.a", "data.json": '{"a": {"b": 1, "c": 2}}' }, "-e", "p/v", "--embed-data"));
  assert.deepEqual(policy.evaluate(), { b: 1, c: 2 });
  policy.setData({ a: { c: 3 } });
  assert.deepEqual(policy.evaluate(), { b: 1, c: 3 });
});
