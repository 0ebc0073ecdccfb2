// keywordrefs/every keyword rule refhead
import type { Entrypoints } from "./776.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
