// keywordrefs/in keyword in package, import alias
import type { Entrypoints } from "./789.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
