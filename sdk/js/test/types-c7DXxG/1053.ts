// objectget/integer key found
import type { Entrypoints } from "./1053.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 2;
export {};
