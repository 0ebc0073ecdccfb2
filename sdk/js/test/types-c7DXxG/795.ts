// keywordrefs/not keyword in package
import type { Entrypoints } from "./795.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
