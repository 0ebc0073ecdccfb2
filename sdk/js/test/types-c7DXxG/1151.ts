// reachable_paths/cycle_1022_3
import type { Entrypoints } from "./1151.policy.js";
const answer: Entrypoints["reachable/p"]["result"] = undefined;
export {};
