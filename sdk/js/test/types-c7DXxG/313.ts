// eqexpr/pattern: object val
import type { Entrypoints } from "./313.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["y"];
export {};
