// keywordrefs/else keyword in package
import type { Entrypoints } from "./767.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
