// Asks the policy on each change of the form.

import { load } from "./regoc.min.js";

const element = (id) => document.getElementById(id);

const began = performance.now();
const policy = await load(fetch("policy.wasm"));

function ask() {
  const input = {
    servers: [{ id: element("name").value, protocols: element("protocols").value.split(/\s+/).filter(Boolean), ports: ["p1"] }],
    ports: [{ id: "p1", network: "n1" }],
    networks: [{ id: "n1", public: element("public").checked }],
  };
  const before = performance.now();
  const violation = policy.evaluate(input);
  const took = performance.now() - before;
  element("verdict").textContent = violation.length ? `No: ${violation.join(", ")} breaks the rules.` : "Yes.";
  element("verdict").className = violation.length ? "violation" : "";
  return took;
}

ask();
const first = performance.now() - began;
element("times").textContent = `From fetching the policy to the first decision: ${first.toFixed(1)} ms.`;
element("times").dataset.milliseconds = first;
document.forms[0].addEventListener("input", ask);
