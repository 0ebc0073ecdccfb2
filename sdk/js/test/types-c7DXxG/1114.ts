// wasm/composites
import type { Entrypoints } from "./1114.policy.js";
const answer: Entrypoints["x/q"]["result"] = true;
export {};
