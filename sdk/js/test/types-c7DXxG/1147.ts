// reachable/malformed 1
import type { Entrypoints } from "./1147.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
