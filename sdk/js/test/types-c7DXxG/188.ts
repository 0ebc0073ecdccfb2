// compositebasedereference/set
import type { Entrypoints } from "./188.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
