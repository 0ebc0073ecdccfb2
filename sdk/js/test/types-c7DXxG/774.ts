// keywordrefs/every keyword in package
import type { Entrypoints } from "./774.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
