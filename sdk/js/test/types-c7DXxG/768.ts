// keywordrefs/else keyword in package, import alias
import type { Entrypoints } from "./768.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
