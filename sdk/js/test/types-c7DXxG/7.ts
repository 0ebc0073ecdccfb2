// aggregates/sum virtual
import type { Entrypoints } from "./7.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [10];
export {};
