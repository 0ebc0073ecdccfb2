// keywordrefs/contains keyword rule refhead
import type { Entrypoints } from "./755.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
