// The worker of workerd.mjs: asks what the request says, and answers with the report.
import cases from "cases.json";
import { run } from "modes.mjs";
import { plain } from "plain.mjs";
import { sdk } from "sdk.mjs";

async function loader(version) {
  if (version === "plain") return plain;
  const opa = await import("opa.js");
  return sdk(opa.default ?? opa);
}

export default {
  async fetch(request) {
    const { version, opa, mode, count, engine } = Object.fromEntries(new URL(request.url).searchParams);
    const read = async (name) => (name === "cases.json" ? cases : (await import(name)).default);
    const name = version === "plain" ? "the ABI's calls" : `@open-policy-agent/opa-wasm ${opa}`;
    try {
      const compiled = { ...(await loader(version)), compile: (module) => module };
      return Response.json(await run(mode, { name, engine, loader: compiled, read }, count ? Number(count) : undefined));
    } catch (error) {
      return new Response(error?.stack ?? String(error), { status: 500 });
    }
  },
};
