// Builds the modules that the tests ask: with regoc, and with OPA where it is installed.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../..", import.meta.url));
const regoc = process.env.REGOC ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "release/regoc");

/** Where OPA is, if it is installed. */
export const opa = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "opa")).find((path) => existsSync(path));

/** The files that a command writes of some texts. */
function written(command, texts, outputs, args) {
  const folder = mkdtempSync(join(tmpdir(), "regoc-sdk-"));
  try {
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
    const { status, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
    if (status !== 0) throw error ?? new Error(`${command} ${args.join(" ")}:\n${stderr}`);
    return outputs.map((output) => readFileSync(join(folder, output)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The module that regoc builds of texts by their names, or of one. */
export function build(texts, ...flags) {
  return written(regoc, files(texts), ["policy.wasm"], ["build", ...Object.keys(files(texts)), "-o", "policy.wasm", ...flags])[0];
}

/** The bundle that regoc builds. */
export function bundle(texts, ...flags) {
  return written(regoc, files(texts), ["bundle.tar.gz"], ["build", ...Object.keys(files(texts)), "-o", "bundle.tar.gz", ...flags])[0];
}

/** The bundle that OPA builds. */
export function opaBundle(texts, ...flags) {
  return written(opa, files(texts), ["bundle.tar.gz"], ["build", "-t", "wasm", ...Object.keys(files(texts)), "-o", "bundle.tar.gz", ...flags])[0];
}

/** The module that regoc builds, and the types that it writes beside it. */
export function buildWithTypes(texts, ...flags) {
  const policies = Object.keys(files(texts)).filter((name) => name.endsWith(".rego"));
  const args = ["build", ...policies, "-o", "policy.wasm", "--emit-types", "policy.d.ts", ...flags];
  const [wasm, types] = written(regoc, files(texts), ["policy.wasm", "policy.d.ts"], args);
  return { wasm, types: types.toString() };
}

function files(texts) {
  return typeof texts === "string" ? { "policy.rego": texts } : texts;
}
