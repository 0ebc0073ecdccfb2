// keywordrefs/every keyword in package, import alias
import type { Entrypoints } from "./775.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
