// aggregates/member operator precedence in list (fun args)
import type { Entrypoints } from "./49.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
