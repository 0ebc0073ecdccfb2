// aggregates/member object with key, nested, associativity without parens
import type { Entrypoints } from "./36.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
