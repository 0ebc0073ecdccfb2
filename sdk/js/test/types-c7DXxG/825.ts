// keywordrefs/true keyword rule refhead
import type { Entrypoints } from "./825.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
