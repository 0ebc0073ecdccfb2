// bitsshiftleft/basic shift-left
import type { Entrypoints } from "./146.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [8];
export {};
