// The package as it would be published: its files, its size, and what it promises.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const manifest = JSON.parse(readFileSync(path("package.json"), "utf8"));

test("the tree of the package", () => {
  const listed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: path(""), encoding: "utf8" });
  const files = JSON.parse(listed)[0].files.map((file) => file.path).sort();
  const modules = ["builtins", "bundle", "error", "index", "instance", "policy", "source", "types"];
  const built = modules.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]);
  assert.deepEqual(files, [...built, "dist/regoc.min.js", "LICENSE", "README.md", "package.json"].sort());
  const exported = Object.values(manifest.exports).flatMap((entry) => Object.values(typeof entry === "string" ? { entry } : entry));
  for (const file of exported) assert(files.includes(file.replace("./", "")), file);
});

test("the loader is smaller than 10 KB minified, in one file that needs no other", () => {
  const size = statSync(path("dist/regoc.min.js")).size;
  assert(size < 10_000, `${size} bytes`);
  assert.doesNotMatch(readFileSync(path("dist/regoc.min.js"), "utf8"), /\bimport\b|\brequire\b|\bprocess\b|\bBuffer\b/);
});

test("the package depends on nothing, and has the license and the version of the project", () => {
  assert.equal(manifest.dependencies, undefined);
  assert.deepEqual(readFileSync(path("LICENSE"), "utf8"), readFileSync(path("../../LICENSE"), "utf8"));
  const cargo = readFileSync(path("../../Cargo.toml"), "utf8");
  assert.equal(manifest.version, /^version = "(.*)"$/m.exec(cargo)[1]);
});

test("every entry can be imported by its name", async () => {
  const { load } = await import("regoc");
  assert.equal(typeof load, "function");
  assert.equal(typeof (await import("regoc/bundle")).openBundle, "function");
  assert.deepEqual(Object.keys(await import("regoc/min")).sort(), ["PolicyError", "load", "loadSync"]);
});
