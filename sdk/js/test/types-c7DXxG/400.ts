// functions/multi3
import type { Entrypoints } from "./400.policy.js";
const answer: Entrypoints["ex/multi3"]["result"] = 20;
export {};
