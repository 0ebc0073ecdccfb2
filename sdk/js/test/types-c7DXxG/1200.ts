// regexisvalid/bad operand type
import type { Entrypoints } from "./1200.policy.js";
const answer: Entrypoints["generated/p"]["result"] = false;
export {};
