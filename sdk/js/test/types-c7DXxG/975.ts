// nestedreferences/vdoc ref: complete: no suffix
import type { Entrypoints } from "./975.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
