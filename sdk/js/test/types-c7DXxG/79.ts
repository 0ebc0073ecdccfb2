// arithmetic/arity 2 ref dest (2)
import type { Entrypoints } from "./79.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
