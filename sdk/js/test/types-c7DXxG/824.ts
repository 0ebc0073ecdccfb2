// keywordrefs/true keyword in package, import alias
import type { Entrypoints } from "./824.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
