// regexsplit/regex.split: non-repeat pattern
import type { Entrypoints } from "./1215.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["b","n","n",""];
export {};
