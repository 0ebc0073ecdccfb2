// Whether emitted types hold: the answers to OPA's cases, made by the loader, against the types of their policies. Takes minutes, so it runs where it is
// wanted: `npm run conformance`, with the cases in ../shared beside the project, or where REGOC_SHARED says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadSync, PolicyError } from "../dist/index.js";
import { buildWithTypes, root } from "./build.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cases = join(process.env.REGOC_SHARED ?? join(root, "../shared"), "conformance/v1");
const skip = (!process.env.REGOC_CONFORMANCE && "npm run conformance runs it") || (!existsSync(cases) && "OPA's cases are not here");

// These go over the elements of a number, which has none: to a policy that is in order, to a type it is not.
const ODD_INPUTS = ["every/non-iter domain: input int", "every/non-iter domain: input int (1st level)"];

/** The cases that ask for one document, with its name as an entrypoint. */
function* documents() {
  for (const file of readdirSync(cases, { recursive: true }).filter((name) => name.endsWith(".json")).sort()) {
    for (const one of JSON.parse(readFileSync(join(cases, file), "utf8")).cases) {
      const [, path] = /^data\.([\w.]+) = x$/.exec(one.query ?? "") ?? [];
      if (path && one.modules) yield { ...one, name: path.replaceAll(".", "/") };
    }
  }
}

/** What a policy answers; nothing where it fails. */
function answer(wasm, { data = {}, input }) {
  try {
    const builtins = { "http.send": () => undefined, "net.lookup_ip_addr": () => undefined };
    return [loadSync(wasm, { data, builtins, print() {} }).evaluate(input)];
  } catch (error) {
    if (error instanceof PolicyError) return [];
    throw error;
  }
}

test("every answer to OPA's cases has the type that was emitted for it", { skip }, () => {
  const folder = mkdtempSync(join(here, "types-"));
  const count = { answers: 0, inputs: 0, refused: 0 };
  try {
    let at = 0;
    for (const one of documents()) {
      const texts = Object.fromEntries(one.modules.map((text, index) => [`${index}.rego`, text]));
      let built;
      try {
        built = buildWithTypes(texts, "-e", one.name);
      } catch {
        count.refused++;
        continue;
      }
      const lines = [`// ${one.note.replaceAll(/\s/g, " ")}`, `import type { Entrypoints } from "./${++at}.policy.js";`];
      const type = (what) => `Entrypoints[${JSON.stringify(one.name)}]["${what}"]`;
      for (const value of answer(built.wasm, one)) {
        count.answers++;
        lines.push(`const answer: ${type("result")} = ${value === undefined ? "undefined" : JSON.stringify(value)};`);
      }
      if (one.input !== undefined && !ODD_INPUTS.includes(one.note)) {
        count.inputs++;
        lines.push(`const given = ${JSON.stringify(one.input)};`, `const input: ${type("input")} = given;`);
      }
      writeFileSync(join(folder, `${at}.policy.d.ts`), built.types);
      writeFileSync(join(folder, `${at}.ts`), `${lines.join("\n")}\nexport {};\n`);
    }
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../tsconfig.json", include: ["."] }));
    console.log(count);
    assert(count.answers > 1700 && count.inputs > 150, "there are more cases");
    execFileSync(fileURLToPath(new URL("../node_modules/.bin/tsc", import.meta.url)), ["-p", folder], { encoding: "utf8" });
  } catch (error) {
    assert.fail(error.stdout ?? error);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
