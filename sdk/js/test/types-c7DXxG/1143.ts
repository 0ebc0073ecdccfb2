// reachable/empty
import type { Entrypoints } from "./1143.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [];
export {};
