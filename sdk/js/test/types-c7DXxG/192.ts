// compositereferences/unify array
import type { Entrypoints } from "./192.policy.js";
const answer: Entrypoints["test/p"]["result"] = [2,3];
export {};
