// eqexpr/pattern: array ref
import type { Entrypoints } from "./311.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [4];
export {};
