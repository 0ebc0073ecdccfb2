// keywordrefs/some keyword in package
import type { Entrypoints } from "./816.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
