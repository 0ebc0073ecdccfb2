// aggregates/member composite containee
import type { Entrypoints } from "./51.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
