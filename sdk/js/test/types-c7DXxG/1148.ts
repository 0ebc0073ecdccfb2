// reachable/malformed 2
import type { Entrypoints } from "./1148.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
