// nestedreferences/vdoc ref: partial object: ground
import type { Entrypoints } from "./977.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [4];
export {};
