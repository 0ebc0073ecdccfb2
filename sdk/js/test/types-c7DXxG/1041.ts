// objectfilter/empty roots set
import type { Entrypoints } from "./1041.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {};
export {};
