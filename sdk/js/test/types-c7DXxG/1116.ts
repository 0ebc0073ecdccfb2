// wasm/object dereference
import type { Entrypoints } from "./1116.policy.js";
const answer: Entrypoints["x/q"]["result"] = true;
export {};
