// wasm/input
import type { Entrypoints } from "./1112.policy.js";
const answer: Entrypoints["x/q"]["result"] = true;
const given = {"x":1,"y":2};
const input: Entrypoints["x/q"]["input"] = given;
export {};
