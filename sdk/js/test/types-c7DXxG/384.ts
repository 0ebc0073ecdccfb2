// functionerrors/function input no match
import type { Entrypoints } from "./384.policy.js";
const answer: Entrypoints["test2/r"]["result"] = undefined;
export {};
