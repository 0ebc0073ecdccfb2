// floor negative
import type { Entrypoints } from "./89.policy.js";
const answer: Entrypoints["generated/p"]["result"] = -2;
export {};
