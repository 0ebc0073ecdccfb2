// objectkeys/array_keys_found
import type { Entrypoints } from "./1072.policy.js";
const answer: Entrypoints["test/p"]["result"] = [["a"],["b"]];
export {};
