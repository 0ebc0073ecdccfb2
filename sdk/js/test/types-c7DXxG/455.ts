// globsmatch/regex.globs_match: ref
import type { Entrypoints } from "./455.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [0,1];
export {};
