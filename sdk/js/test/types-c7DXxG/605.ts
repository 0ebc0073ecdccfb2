// jsonfilter/arrays of roots
import type { Entrypoints } from "./605.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"c":7}},"e":9};
export {};
