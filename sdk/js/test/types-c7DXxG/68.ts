// aggregates/member+some+key+ref with other variable
import type { Entrypoints } from "./68.policy.js";
const answer: Entrypoints["test/p"]["result"] = [3,2,"array"];
export {};
