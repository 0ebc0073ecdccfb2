// keywordrefs/null keyword in package
import type { Entrypoints } from "./802.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
