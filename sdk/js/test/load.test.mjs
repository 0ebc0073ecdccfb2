// What a policy can be loaded from, and what is refused.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import vm from "node:vm";
import { load, loadSync, PolicyError } from "../dist/index.js";
import { openBundle } from "../dist/bundle.js";
import { build, bundle, opa, opaBundle } from "./build.mjs";

const bytes = build("package p\nallow if input.x == 1", "-e", "p/allow");
const asksFor1 = (policy) => assert.deepEqual([policy.evaluate({ x: 1 }), policy.evaluate({ x: 2 })], [true, undefined]);
const refused = (code, message) => (error) => {
  assert(error instanceof PolicyError);
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

test("bytes of every kind", async () => {
  const copy = new Uint8Array(bytes);
  const shifted = new Uint8Array(copy.length + 3);
  shifted.set(copy, 3);
  for (const source of [bytes, copy, copy.buffer, shifted.subarray(3), new Blob([copy])]) {
    asksFor1(await load(source));
  }
  asksFor1(loadSync(bytes));
});

test("a compiled module, also one of another realm and of another policy", async () => {
  const module = await WebAssembly.compile(bytes);
  asksFor1(await load(module));
  asksFor1(loadSync(module));
  asksFor1(await load((await load(module)).module));
  asksFor1(await load(vm.runInNewContext("new WebAssembly.Module(bytes)", { bytes })));
});

test("answers of a server: streamed, of another type, and failed ones", async (context) => {
  const answers = { "/policy.wasm": [200, "application/wasm"], "/typed": [200, "application/wasm; x=y"], "/plain": [200, "text/plain"], "/gone": [404, "application/wasm"] };
  const server = createServer((request, response) => {
    const [status, type] = answers[request.url];
    response.writeHead(status, { "content-type": type }).end(bytes);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  context.after(() => server.close());
  const url = (path) => `http://127.0.0.1:${server.address().port}${path}`;
  const streamed = context.mock.method(WebAssembly, "compileStreaming");
  asksFor1(await load(fetch(url("/policy.wasm"))));
  assert.equal(streamed.mock.callCount(), 1);
  for (const path of ["/plain", "/typed"]) asksFor1(await load(await fetch(url(path))));
  assert.equal(streamed.mock.callCount(), 1);
  await assert.rejects(load(fetch(url("/gone"))), refused("invalid_module", /\/gone answered with status 404/));
});

test("what cannot be streamed is compiled from its bytes", async (context) => {
  const { compileStreaming } = WebAssembly;
  delete WebAssembly.compileStreaming;
  context.after(() => (WebAssembly.compileStreaming = compileStreaming));
  asksFor1(await load(new Response(bytes, { headers: { "content-type": "application/wasm" } })));
});

test("what is no policy is refused", async () => {
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  // (import "wasi" "f" (func))
  const foreign = Uint8Array.of(...empty, 1, 4, 1, 0x60, 0, 0, 2, 10, 1, 4, 119, 97, 115, 105, 1, 102, 0, 0);
  await assert.rejects(load(bytes.subarray(0, 100)), refused("invalid_module", /not a WebAssembly module/));
  await assert.rejects(load(new TextEncoder().encode("package p")), refused("invalid_module", /not a WebAssembly module/));
  await assert.rejects(load(bundle("package p\na := 1")), refused("invalid_module", /bundles: regoc\/bundle/));
  await assert.rejects(load(empty), refused("invalid_module", /ABI 1\.2/));
  await assert.rejects(load(foreign), refused("invalid_module", /cannot be instantiated: .*wasi/));
  for (const source of [undefined, null, "policy.wasm", 7, {}]) await assert.rejects(load(source), refused("invalid_module", /./));
  await assert.rejects(load(Promise.reject(new TypeError("fetch failed"))), TypeError);
  assert.throws(() => loadSync(empty.subarray(1)), refused("invalid_module", /not a WebAssembly module/));
});

test("a builtin that is not there is named when the policy is loaded", async () => {
  const policy = build("package p\na := http.send({\"method\": \"get\", \"url\": input.url}).status_code\nb := net.lookup_ip_addr(input.name)");
  await assert.rejects(load(policy), refused("missing_builtin", /calls (?=.*http\.send)(?=.*net\.lookup_ip_addr)/));
  await assert.rejects(load(policy, { builtins: { "http.send": () => ({}), "net.lookup_ip_addr": undefined } }), refused("missing_builtin", /calls net/));
  // Nothing that an object has anyway is a builtin.
  assert.throws(() => loadSync(policy, { builtins: { toString() {} } }), refused("missing_builtin", /http\.send/));
});

const texts = { "policy.rego": "package p\nallow if input.x == 1\nnames contains data.users[_].name", "data.json": '{"users": [{"name": "ann"}]}' };

for (const [by, made] of [["regoc", () => bundle(texts, "-e", "p")], ["OPA", () => opaBundle(texts, "-e", "p")]]) {
  test(`a bundle of ${by}`, { skip: by === "OPA" && !opa && "OPA is not installed" }, async () => {
    const archive = made();
    for (const source of [archive, new Blob([archive]), Promise.resolve(new Response(archive))]) {
      const { module, data } = await openBundle(source);
      const policy = await load(module, { data });
      assert.deepEqual(policy.evaluate({ x: 1 }), { allow: true, names: ["ann"] });
    }
  });
}

const needing = 'package p\nimport data.q.wanted\nallow if input.x == wanted\ndeny if not allow\nguest if allow with input as {"x": 1}';

for (const [by, made] of [["regoc", bundle], ["OPA", opaBundle]]) {
  test(`several entrypoints over the module of a bundle of ${by}`, { skip: by === "OPA" && !opa && "OPA is not installed" }, async () => {
    const texts = { "policy.rego": needing, "data.json": '{"q": {"wanted": 1}}' };
    const { module, data } = await openBundle(made(texts, "-e", "p/allow"));
    const policy = await load(module, { data });
    // What needs an entrypoint is one.
    assert.deepEqual([...policy.entrypoints].sort(), ["p/allow", "p/deny", "p/guest"]);
    const answers = ["p/allow", "p/deny", "p/guest"].map((entrypoint) => policy.evaluate({ x: 2 }, entrypoint));
    assert.deepEqual(answers, [undefined, true, true]);
  });
}

test("what is no bundle is refused", async () => {
  await assert.rejects(openBundle(bytes), refused("invalid_module", /not a bundle/));
  const archive = bundle(texts);
  await assert.rejects(openBundle(archive.subarray(0, 200)), refused("invalid_module", /not a bundle/));
  const empty = new Blob([new Uint8Array(1024)]).stream().pipeThrough(new CompressionStream("gzip"));
  await assert.rejects(openBundle(new Response(empty)), refused("invalid_module", /holds no policy\.wasm/));
});

for (const [by, module] of [
  ["regoc", async (text) => build(text, "-e", "p/v")],
  ["OPA", async (text) => (await openBundle(opaBundle(text, "-e", "p/v"))).module],
]) {
  test(`a module of ${by} that begins with much memory`, { skip: by === "OPA" && !opa && "OPA is not installed" }, async () => {
    const policy = await load(await module(`package p\nv := "${"x".repeat(700_000)}" if input.x`));
    assert.equal(policy.evaluate({ x: 1 }).length, 700_000);
    const { code } = await load(policy.module, { memory: { maximum: 5 } }).catch((error) => error);
    assert.match(code, /invalid_module|out_of_memory/);
  });
}
