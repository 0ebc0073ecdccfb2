// compositereferences/missing set
import type { Entrypoints } from "./200.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
