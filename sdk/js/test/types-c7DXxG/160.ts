// casts/to_number: bad input
import type { Entrypoints } from "./160.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
