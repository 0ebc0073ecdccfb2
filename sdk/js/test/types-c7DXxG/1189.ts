// regexfind/regex is anchored,end
import type { Entrypoints } from "./1189.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["f"];
export {};
