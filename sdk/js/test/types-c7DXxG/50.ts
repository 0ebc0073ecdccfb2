// aggregates/member operator precedence in list with parens (fun args)
import type { Entrypoints } from "./50.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
