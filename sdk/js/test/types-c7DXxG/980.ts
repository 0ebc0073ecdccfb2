// nestedreferences/vdoc ref: multiple
import type { Entrypoints } from "./980.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1,2,3,4];
export {};
