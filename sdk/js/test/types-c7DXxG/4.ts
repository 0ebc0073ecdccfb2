// aggregates/count keys virtual
import type { Entrypoints } from "./4.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2];
export {};
