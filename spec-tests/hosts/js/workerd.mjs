// workerd as a host: workerd.mjs LOADER FOLDER MODE [COUNT] serves a worker that asks, and prints its report. Workers compile nothing: the
// modules of the folder are part of the worker, as a bundler puts them there.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";

const [version, folder, mode, count] = process.argv.slice(2);
const here = new URL(".", import.meta.url).pathname;
const config = join(folder, `workerd-${process.pid}.capnp`);

// What is embedded lies below the configuration or is named from there.
const script = (name, file) => `(name = "${name}", esModule = embed "${relative(folder, join(here, file))}")`;
const sdk = version === "plain" ? [] : [script("opa.js", `node_modules/opa-${version}/dist/opa-wasm-browser.esm.js`)];
const scripts = ["worker.mjs", "modes.mjs", "plain.mjs", "sdk.mjs"].map((name) => script(name, name));
const modules = readdirSync(folder).filter((name) => name.endsWith(".wasm")).map((name) => `(name = "${name}", wasm = embed "${name}")`);
const cases = `(name = "cases.json", data = embed "cases.json")`;
writeFileSync(config, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${[...scripts, ...sdk, ...modules, cases].join(",\n      ")}],
    compatibilityDate = "2026-01-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`);

// The port comes on a pipe, because the system chooses it.
const server = spawn(join(here, "engines/node_modules/.bin/workerd"), ["serve", config, "--control-fd=3"], {
  stdio: ["ignore", "inherit", "inherit", "pipe"],
});
try {
  const port = await new Promise((resolve, reject) => {
    server.on("exit", (code) => reject(new Error(`workerd ended with ${code}`)));
    server.stdio[3].on("data", (line) => resolve(JSON.parse(line).port));
  });
  const { version: workerd } = JSON.parse(readFileSync(join(here, "engines/node_modules/workerd/package.json"), "utf8"));
  const opa = version === "plain" ? "" : JSON.parse(readFileSync(join(here, `node_modules/opa-${version}/package.json`), "utf8")).version;
  const question = new URLSearchParams({ version, opa, mode, count: count ?? "", engine: `workerd ${workerd}` });
  const answer = await fetch(`http://127.0.0.1:${port}/?${question}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  console.log(text);
} finally {
  server.removeAllListeners("exit");
  server.kill();
  rmSync(config);
}
