// A host in Node, deno or bun: main.mjs LOADER FOLDER MODE [COUNT] with a version of OPA's SDK, or `plain`, as the loader.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { runInNewContext } from "node:vm";
import { run } from "./modes.mjs";
import { plain } from "./plain.mjs";
import { sdk } from "./sdk.mjs";

const [version, folder, mode, count] = process.argv.slice(2);
const require = createRequire(import.meta.url);

// Does work for so many milliseconds at most. Node stops WebAssembly in the middle as it stops scripts, and the instance goes on.
function limited(work, timeout) {
  try {
    return runInNewContext("work()", { work }, { timeout });
  } catch (error) {
    throw error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? new Error("limit") : error;
  }
}

function loader() {
  return version === "plain" ? { ...plain, limited } : sdk(require(`opa-${version}`), version === "1.6");
}

function read(file) {
  const bytes = readFileSync(`${folder}/${file}`);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

const engine = globalThis.Deno ? `deno ${Deno.version.deno}` : globalThis.Bun ? `bun ${Bun.version}` : `Node ${process.versions.node}`;

function name() {
  if (version === "plain") return "the ABI's calls";
  const file = new URL(`node_modules/opa-${version}/package.json`, import.meta.url);
  return `@open-policy-agent/opa-wasm ${JSON.parse(readFileSync(file, "utf8")).version}`;
}

const host = { name: name(), engine, loader: loader(), read };
console.log(JSON.stringify(await run(mode, host, count && Number(count))));
