// compositebasedereference/object
import type { Entrypoints } from "./187.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
