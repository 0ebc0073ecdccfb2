// functions/multi cross package
import type { Entrypoints } from "./402.policy.js";
const answer: Entrypoints["test/multi_cross_pkg"]["result"] = ["bar",3];
export {};
