// regexfind/finds 2 matched values
import type { Entrypoints } from "./1186.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["ar","an"];
export {};
