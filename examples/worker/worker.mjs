// POST /violation with an input answers what the policy says of it.

import { loadSync, PolicyError } from "regoc";
import module from "policy.wasm";

const policy = loadSync(module);

async function answer(request) {
  if (request.method !== "POST" || new URL(request.url).pathname !== "/violation") return [404, { error: "POST /violation" }];
  try {
    return [200, policy.evaluateText(await request.text()) ?? "null"];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return [error.code === "invalid_input" ? 400 : 500, { error: error.message }];
  }
}

export default {
  async fetch(request) {
    const [status, body] = await answer(request);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return new Response(text, { status, headers: { "content-type": "application/json" } });
  },
};
