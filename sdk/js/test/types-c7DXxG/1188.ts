// regexfind/regex is anchored, start
import type { Entrypoints } from "./1188.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["ab"];
export {};
