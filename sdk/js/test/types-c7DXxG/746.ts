// keywordrefs/as keyword in package
import type { Entrypoints } from "./746.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
