// eqexpr/ground: set
import type { Entrypoints } from "./297.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
