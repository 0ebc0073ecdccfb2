// globsmatch/regex.globs_match
import type { Entrypoints } from "./452.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
