// keywordrefs/as keyword in package, import alias
import type { Entrypoints } from "./747.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
