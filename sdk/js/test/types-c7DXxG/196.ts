// compositereferences/nested ref
import type { Entrypoints } from "./196.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,3];
export {};
