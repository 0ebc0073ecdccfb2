// keywordrefs/package keyword in package, import alias
import type { Entrypoints } from "./810.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
