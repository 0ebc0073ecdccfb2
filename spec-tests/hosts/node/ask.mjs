// Asks a module with OPA's SDK for JavaScript: node ask.mjs MODULE ENTRYPOINT INPUT… prints the result set of each input.
import { readFile } from "node:fs/promises";
import opa from "@open-policy-agent/opa-wasm";

const [module, entrypoint, ...inputs] = process.argv.slice(2);
const policy = await opa.loadPolicy(await readFile(module));
policy.setData({});
for (const path of inputs) {
  const input = JSON.parse(await readFile(path, "utf8"));
  console.log(JSON.stringify(policy.evaluate(input, entrypoint)));
}
