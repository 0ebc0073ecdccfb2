// keywordrefs/as keyword rule refhead, partial set
import type { Entrypoints } from "./750.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
