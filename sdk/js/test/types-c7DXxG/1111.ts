// wasm/additive
import type { Entrypoints } from "./1111.policy.js";
const answer: Entrypoints["x/q"]["result"] = true;
export {};
