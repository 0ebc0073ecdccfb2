// aggregates/member+some+with
import type { Entrypoints } from "./69.policy.js";
const answer: Entrypoints["test/p"]["result"] = [["foo","bar"]];
export {};
