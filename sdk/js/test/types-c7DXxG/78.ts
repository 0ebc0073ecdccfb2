// arithmetic/arity 2 ref dest
import type { Entrypoints } from "./78.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
