// inputvalues/input set
import type { Entrypoints } from "./586.policy.js";
const answer: Entrypoints["z/sets"]["result"] = undefined;
export {};
