// keywordrefs/default keyword in package
import type { Entrypoints } from "./760.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
