// a member of one group reaches that group's rule
import type { Entrypoints } from "./574.policy.js";
const answer: Entrypoints["indexing/p"]["result"] = undefined;
export {};
