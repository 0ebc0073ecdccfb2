// nestedreferences/vdoc ref: partial object
import type { Entrypoints } from "./976.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [3,4];
export {};
