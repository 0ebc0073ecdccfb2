// reachable_paths/cycle_1022_2
import type { Entrypoints } from "./1150.policy.js";
const answer: Entrypoints["reachable/p"]["result"] = undefined;
export {};
