// keywordrefs/in keyword rule refhead, partial set
import type { Entrypoints } from "./792.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
