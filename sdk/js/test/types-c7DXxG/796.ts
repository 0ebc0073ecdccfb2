// keywordrefs/not keyword in package, import alias
import type { Entrypoints } from "./796.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
