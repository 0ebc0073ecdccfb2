// globsmatch/regex.globs_match: raw: undefined
import type { Entrypoints } from "./457.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
