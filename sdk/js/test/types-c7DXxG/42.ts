// aggregates/member with vars
import type { Entrypoints } from "./42.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
