// objectfilter/empty object
import type { Entrypoints } from "./1043.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {};
export {};
