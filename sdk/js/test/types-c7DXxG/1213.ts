// regex.replace: match with count
import type { Entrypoints } from "./1213.policy.js";
const answer: Entrypoints["test/p"]["result"] = "_ _x";
export {};
