// regexisvalid/bad pattern
import type { Entrypoints } from "./1201.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
