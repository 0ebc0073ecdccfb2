// arithmetic/arity 1 ref dest
import type { Entrypoints } from "./77.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
