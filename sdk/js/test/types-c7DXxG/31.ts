// aggregates/member simple, object
import type { Entrypoints } from "./31.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
