// keywordrefs/as keyword rule refhead, partial object
import type { Entrypoints } from "./751.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
