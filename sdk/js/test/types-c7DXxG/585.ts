// inputvalues/missing
import type { Entrypoints } from "./585.policy.js";
const answer: Entrypoints["z/p"]["result"] = undefined;
export {};
