// objectkeys/set_keys_found
import type { Entrypoints } from "./1071.policy.js";
const answer: Entrypoints["test/p"]["result"] = [["a"],["b"]];
export {};
