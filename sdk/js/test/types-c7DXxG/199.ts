// compositereferences/missing object value
import type { Entrypoints } from "./199.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
