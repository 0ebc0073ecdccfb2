// keywordrefs/package keyword in package
import type { Entrypoints } from "./809.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
