// compositereferences/empty set
import type { Entrypoints } from "./194.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
