// aggregates/max virtual
import type { Entrypoints } from "./13.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [4];
export {};
