// compositereferences/ref
import type { Entrypoints } from "./195.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,3];
export {};
