// aggregates/min virtual
import type { Entrypoints } from "./19.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1];
export {};
