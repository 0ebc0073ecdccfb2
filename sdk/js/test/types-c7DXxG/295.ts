// eqexpr/ground: string
import type { Entrypoints } from "./295.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
