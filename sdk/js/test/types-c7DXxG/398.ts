// functions/void good
import type { Entrypoints } from "./398.policy.js";
const answer: Entrypoints["ex/voidGood"]["result"] = true;
export {};
