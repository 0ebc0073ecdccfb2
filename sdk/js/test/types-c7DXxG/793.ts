// keywordrefs/in keyword rule refhead, partial object
import type { Entrypoints } from "./793.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
