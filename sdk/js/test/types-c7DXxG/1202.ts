// regexisvalid/good pattern
import type { Entrypoints } from "./1202.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
