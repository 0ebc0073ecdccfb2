// nestedreferences/vdoc ref: partial object: nested bdoc ref
import type { Entrypoints } from "./978.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2,4];
export {};
