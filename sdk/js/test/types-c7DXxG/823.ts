// keywordrefs/true keyword in package
import type { Entrypoints } from "./823.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
