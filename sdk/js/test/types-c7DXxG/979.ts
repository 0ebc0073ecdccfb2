// nestedreferences/vdoc ref: partial object: nested bdoc ref-2
import type { Entrypoints } from "./979.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [3,4];
export {};
