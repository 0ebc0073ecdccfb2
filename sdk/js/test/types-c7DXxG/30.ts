// aggregates/member simple, array
import type { Entrypoints } from "./30.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
