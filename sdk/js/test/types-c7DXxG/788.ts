// keywordrefs/in keyword in package
import type { Entrypoints } from "./788.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
