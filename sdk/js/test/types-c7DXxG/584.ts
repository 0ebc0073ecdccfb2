// inputvalues/simple
import type { Entrypoints } from "./584.policy.js";
const answer: Entrypoints["z/p"]["result"] = undefined;
export {};
