// compositereferences/missing array
import type { Entrypoints } from "./198.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
