// keywordrefs/contains keyword in package, import alias
import type { Entrypoints } from "./754.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
