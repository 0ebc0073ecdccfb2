// eqexpr/pattern: array same var
import type { Entrypoints } from "./308.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2];
export {};
