// keywordrefs/as keyword rule refhead
import type { Entrypoints } from "./748.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
