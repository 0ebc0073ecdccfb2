// rendertemplate/missingmultiplekeys
import type { Entrypoints } from "./1227.policy.js";
const answer: Entrypoints["test/p"]["result"] = "test <undefined> <undefined> 1";
export {};
