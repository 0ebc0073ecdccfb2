// aggregates/member array with index, nested, associativity without parens
import type { Entrypoints } from "./35.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
