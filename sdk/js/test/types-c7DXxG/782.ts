// keywordrefs/false keyword in package, import alias
import type { Entrypoints } from "./782.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
