// compositebasedereference/array
import type { Entrypoints } from "./186.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
