// keywordrefs/null keyword in package, import alias
import type { Entrypoints } from "./803.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
