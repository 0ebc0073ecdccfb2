// globsmatch/regex.globs_match: raw
import type { Entrypoints } from "./456.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
