// keywordrefs/default keyword in package, import alias
import type { Entrypoints } from "./761.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
