// arithmetic/minus/type error
import type { Entrypoints } from "./98.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
