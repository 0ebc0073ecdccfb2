// functions/basic call
import type { Entrypoints } from "./387.policy.js";
const answer: Entrypoints["ex/bar/alice"]["result"] = ["al","ce"];
export {};
