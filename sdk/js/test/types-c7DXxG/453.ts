// globsmatch/regex.globs_match
import type { Entrypoints } from "./453.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
