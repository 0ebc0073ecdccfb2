// aggregates/member non-collection number
import type { Entrypoints } from "./53.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
