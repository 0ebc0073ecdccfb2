// POST /violation with an input answers what the policy says of it.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { load, PolicyError } from "regoc";

// One instance answers all: a decision is never interrupted by another.
const policy = await load(await readFile("policy.wasm"));

async function answer(request) {
  if (request.method !== "POST" || request.url !== "/violation") return [404, { error: "POST /violation" }];
  try {
    // The text goes into the policy as it came, and its answer out as the policy wrote it.
    return [200, policy.evaluateText(await text(request)) ?? "null"];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return [error.code === "invalid_input" ? 400 : 500, { error: error.message }];
  }
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
});
server.listen(process.env.PORT ?? 8080, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.close(() => process.exit(0)));
