// bitsshiftright/basic shift-right
import type { Entrypoints } from "./151.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1];
export {};
