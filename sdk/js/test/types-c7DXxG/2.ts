// aggregates/count virtual
import type { Entrypoints } from "./2.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [4];
export {};
