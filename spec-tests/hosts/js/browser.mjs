// Chromium as a host: browser.mjs LOADER FOLDER MODE [COUNT] opens a page that asks, and prints its report. The page is served with the
// folder from this process, because a browser reads no files and compiles modules only as they arrive over HTTP.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import process from "node:process";
import { chromium } from "playwright-core";

const [version, folder, mode, count] = process.argv.slice(2);
const here = new URL(".", import.meta.url).pathname;
const types = { ".html": "text/html", ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

const server = createServer(async ({ url }, response) => {
  const path = new URL(url, "http://localhost").pathname;
  try {
    if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>host</title>");
    const file = path.startsWith("/folder/") ? join(folder, path.slice("/folder/".length)) : join(here, path);
    const content = await readFile(file);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

// Root, as in containers, has no sandbox to give to the browser.
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const executablePath = execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
const browser = await chromium.launch({ executablePath, args: [...sandbox, "--disable-gpu"] });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  page.setDefaultTimeout(0);
  const report = await page.evaluate(ask, { version, mode, count, engine: `Chromium ${browser.version()}` });
  console.log(JSON.stringify(report));
} finally {
  await browser.close();
  server.close();
}

// Runs in the page.
async function ask({ version, mode, count, engine }) {
  const { run } = await import("/modes.mjs");
  const { plain } = await import("/plain.mjs");
  const { sdk } = await import("/sdk.mjs");
  const read = async (name) => (await fetch(`/folder/${name}`)).arrayBuffer();
  let loader = plain;
  let name = "the ABI's calls";
  if (version !== "plain") {
    const opa = await import(`/node_modules/opa-${version}/dist/opa-wasm-browser.esm.js`);
    loader = sdk(opa.default ?? opa);
    name = `@open-policy-agent/opa-wasm ${(await (await fetch(`/node_modules/opa-${version}/package.json`)).json()).version}`;
  }
  // From the request for a module to the first answer, in milliseconds: the median of some, each past the browser's cache.
  const first = async (row) => {
    const times = [];
    for (let count = 0; count < 15; count++) {
      const start = performance.now();
      const module = await WebAssembly.compileStreaming(fetch(`/folder/${row.module}?${count}`));
      const policy = await loader.instantiate(module, {});
      policy.setData(row.data);
      policy.evaluate(policy.readText(row.input), row.entrypoint);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[7];
  };
  return run(mode, { name, engine, loader: { ...loader, first }, read }, count && Number(count));
}
