// empty cidr
import type { Entrypoints } from "./1004.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
