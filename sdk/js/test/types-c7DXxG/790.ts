// keywordrefs/in keyword rule refhead
import type { Entrypoints } from "./790.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
