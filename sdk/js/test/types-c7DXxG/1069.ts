// objectkeys/number_keys_found
import type { Entrypoints } from "./1069.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2];
export {};
