// bitsnegate/float error
import type { Entrypoints } from "./143.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
