// bitsand/and with zero is and
import type { Entrypoints } from "./141.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [0];
export {};
