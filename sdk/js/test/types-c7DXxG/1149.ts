// reachable_paths/cycle_1022_1
import type { Entrypoints } from "./1149.policy.js";
const answer: Entrypoints["reachable/p"]["result"] = undefined;
export {};
