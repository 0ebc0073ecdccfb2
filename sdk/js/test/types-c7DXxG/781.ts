// keywordrefs/false keyword in package
import type { Entrypoints } from "./781.policy.js";
const answer: Entrypoints["foo/p"]["result"] = true;
export {};
