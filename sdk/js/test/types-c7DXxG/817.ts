// keywordrefs/some keyword in package, import alias
import type { Entrypoints } from "./817.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
