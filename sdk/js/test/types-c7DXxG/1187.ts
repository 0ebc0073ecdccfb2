// regexfind/finds 0 matched values
import type { Entrypoints } from "./1187.policy.js";
const answer: Entrypoints["test/p"]["result"] = [];
export {};
