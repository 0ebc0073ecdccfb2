// partialobjectdoc/ref
import type { Entrypoints } from "./1110.policy.js";
const answer: Entrypoints["generated/q"]["result"] = true;
export {};
