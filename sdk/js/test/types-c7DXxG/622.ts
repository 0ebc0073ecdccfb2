// jsonremove/mixed root types
import type { Entrypoints } from "./622.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"x":0}},"e":9};
export {};
