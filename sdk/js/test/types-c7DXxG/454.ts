// globsmatch/regex.globs_match: bad pattern err
import type { Entrypoints } from "./454.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
