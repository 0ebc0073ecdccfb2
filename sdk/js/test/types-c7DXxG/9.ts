// aggregates/bug 2469 - precision
import type { Entrypoints } from "./9.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
