// objectkeys/string_keys_found
import type { Entrypoints } from "./1068.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["a","b"];
export {};
