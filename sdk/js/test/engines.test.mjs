// The loader in other engines than Node's: Deno and Bun, where they are installed. Browsers and workers have their examples.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build, bundle, root } from "./build.mjs";

const folders = [...(process.env.PATH ?? "").split(delimiter), join(root, "spec-tests/hosts/js/engines/node_modules/.bin")];
const find = (name) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
const here = fileURLToPath(new URL(".", import.meta.url));

const program = `
import { load, loadSync, PolicyError } from "../../dist/regoc.min.js";
import { openBundle } from "../../dist/bundle.js";
import { readFile } from "node:fs/promises";

const bytes = await readFile(new URL("policy.wasm", import.meta.url));
const headers = { "content-type": "application/wasm" };
for (const source of [bytes, new Blob([bytes]), new Response(bytes, { headers }), Promise.resolve(new Response(bytes))]) {
  const policy = await load(source);
  console.log(policy.evaluate({ x: 1 }), policy.evaluate({ x: 2 }), policy.evaluateText('{"x": 1.0}'));
}
const { module, data } = await openBundle(await readFile(new URL("bundle.tar.gz", import.meta.url)));
console.log(loadSync(module, { data }).evaluate({ x: 1 }));
const small = loadSync(module, { memory: { maximum: 4 } });
for (const ask of [() => small.evaluate("x".repeat(500_000)), () => small.evaluateText("{"), () => small.evaluate({}, "p/none")]) {
  try {
    ask();
  } catch (error) {
    console.log(error instanceof PolicyError, error.code);
  }
}
console.log(small.evaluate({ x: 1 }));
await load(Uint8Array.of(1, 2, 3)).catch((error) => console.log(error.code));
`;

const wanted = `${"true undefined true\n".repeat(4)}true\ntrue out_of_memory\ntrue invalid_input\ntrue unknown_entrypoint\ntrue\ninvalid_module\n`;

for (const [name, ...flags] of [["node"], ["deno", "run", "--allow-read"], ["bun"]]) {
  const engine = name === "node" ? process.execPath : find(name);
  test(`in ${name}`, { skip: !engine && `${name} is not installed` }, () => {
    const folder = mkdtempSync(join(here, "types-"));
    try {
      const policy = "package p\nallow if input.x == 1";
      writeFileSync(join(folder, "policy.wasm"), build(policy, "-e", "p/allow"));
      writeFileSync(join(folder, "bundle.tar.gz"), bundle(policy, "-e", "p/allow"));
      writeFileSync(join(folder, "program.mjs"), program);
      const { stdout, stderr, status } = spawnSync(engine, [...flags, join(folder, "program.mjs")], { encoding: "utf8" });
      assert.equal(stdout, wanted, stderr);
      assert.equal(status, 0, stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
