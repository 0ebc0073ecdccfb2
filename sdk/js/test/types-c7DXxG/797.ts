// keywordrefs/not keyword rule refhead
import type { Entrypoints } from "./797.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
