// keywordrefs/contains keyword in package
import type { Entrypoints } from "./753.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
